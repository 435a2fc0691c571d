import { EncoderError, systemErrorCode } from "../errors.ts";
import { Interrupted } from "../source/remote/retry.ts";

/** What an S3 server is used for: the prefix of the codes. */
export type S3Subject = "source" | "store";

type Kind = "not_found" | "denied" | "wrong_region" | "archived" | "unreachable" | "not_valid";

interface Cause {
  kind: Kind;
  matches(failure: Failure): boolean;
  says: string;
  hint: string;
}

interface Failure {
  /** The code of the server or of the library; a HEAD has no body, so that its status is all there is. */
  code: string;
  status: number;
  headers: Readonly<Record<string, string>>;
}

const causes: readonly Cause[] = [
  {
    kind: "denied",
    matches: ({ code }) => code === "CredentialsProviderError" || code === "CredentialsError",
    says: "no credentials were found",
    hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.",
  },
  {
    kind: "wrong_region",
    matches: ({ code, status }) =>
      status === 301 ||
      /PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|RegionMissing/.test(code),
    says: "the bucket is in another region",
    hint: "Name the bucket's region with AWS_REGION, or &region= in the address.",
  },
  {
    kind: "denied",
    matches: ({ code }) => code === "RequestTimeTooSkewed",
    says: "this machine's clock is wrong",
    hint: "Set the clock, then run the same command again.",
  },
  {
    kind: "archived",
    matches: ({ code }) => code === "InvalidObjectState",
    says: "it is archived",
    hint: "Restore the object first (`aws s3api restore-object`), then run the same command again.",
  },
  {
    kind: "not_found",
    matches: ({ code }) => code === "NoSuchBucket",
    says: "there is no such bucket",
    hint: "Check the bucket's name and the endpoint (AWS_ENDPOINT_URL).",
  },
  {
    kind: "denied",
    matches: ({ code, status }) =>
      status === 401 ||
      status === 403 ||
      /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired)$/.test(
        code,
      ),
    says: "access is denied",
    hint: "Check the credentials (AWS_ACCESS_KEY_ID or AWS_PROFILE) and that they may read, or write, this bucket.",
  },
  {
    kind: "not_found",
    matches: ({ code, status }) => status === 404 || code === "NoSuchKey",
    says: "there is no such object",
    hint: "Check the bucket and the key; the letters' case counts.",
  },
];

/** Answers the error to throw: an `Interrupted` where another attempt may help. */
export function explainS3(error: unknown, subject: S3Subject, name: string): unknown {
  if (error instanceof EncoderError || error instanceof Interrupted) return error;
  const failure = failureOf(error);
  const cause = causes.find(({ matches }) => matches(failure));
  if (cause) {
    const region = failure.headers["x-amz-bucket-region"];
    const where = cause.kind === "wrong_region" && region !== undefined ? ` (${region})` : "";
    return new EncoderError(`${subject}_${cause.kind}`, {
      message: `${name} cannot be used: ${cause.says}${where}.`,
      hint: cause.hint,
    });
  }
  const passing =
    failure.status === 0 ||
    (failure.status >= 500 && failure.status !== 501) ||
    failure.status === 429 ||
    failure.status === 408;
  const final = new EncoderError(`${subject}_${passing ? "unreachable" : "not_valid"}`, {
    message: `${name} cannot be used: its server answered ${failure.code}.`,
    hint: passing
      ? "Check the endpoint and the network, then run the same command again: it goes on where it stopped."
      : "Check the address and the endpoint (AWS_ENDPOINT_URL).",
  });
  return passing ? new Interrupted(final, Number(failure.headers["retry-after"] ?? 0) * 1000 || 0) : final;
}

/** A body whose connection may break while it is read. */
export async function* explainBytes(body: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw explainS3(error, "store", name);
  }
}

export function statusOf(error: unknown): number {
  return failureOf(error).status;
}

function failureOf(error: unknown): Failure {
  const field = (of: unknown, name: string): unknown => Reflect.get(Object(of), name);
  const status = Number(field(field(error, "$metadata"), "httpStatusCode") ?? 0);
  const headers = field(field(error, "$response"), "headers");
  const name = error instanceof Error ? error.name : String(error);
  const code = /Region is missing/i.test(String(error)) ? "RegionMissing" : name;
  return {
    code: code === "Error" || code === "AggregateError" ? (systemErrorCode(error) ?? "nothing") : code,
    status,
    headers: Object.fromEntries(Object.entries(Object(headers)).map(([key, value]) => [key, String(value)])),
  };
}
