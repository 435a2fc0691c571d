/** Query parameters that grant access and say nothing of what is read: S3, CloudFront, Google Cloud Storage, Azure, Akamai. */
const grants =
  /^(x-amz-.*|x-goog-.*|awsaccesskeyid|signature|expires|policy|key-pair-id|googleaccessid|sig|se|st|sp|spr|sv|sr|sip|skoid|sktid|skt|ske|sks|skv|token|access_token|hdnea|hdnts)$/i;

/** What stays the same when an address is signed anew, so that an interrupted transfer is found again. */
export function withoutSignature(url: URL): string {
  const kept = [...url.searchParams].filter(([name]) => !grants.test(name));
  return `${url.origin}${url.pathname}?${new URLSearchParams(kept)}`;
}
