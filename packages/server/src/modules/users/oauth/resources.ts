const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * What a client may name as `resource` (RFC 8707) when it means this platform; the audience of its token is the public
 * URL in any case. On one's own machine the three names of the loopback interface are the same place.
 */
export function resourcesOf(publicUrl: string): string[] {
  const url = new URL(publicUrl);
  const urls = loopbackHosts.includes(url.hostname)
    ? loopbackHosts.map((host) => publicUrl.replace(`//${url.hostname}`, `//${host}`))
    : [publicUrl];
  return urls.flatMap((resource) => [resource, `${resource}/`]);
}
