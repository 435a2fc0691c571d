import { FlixError } from "../../../kernel/errors.ts";

/** What is wrong with the store, not with the object; what another try may help was tried before. */
export type Fault =
  | "unreachable"
  | "bucket not found"
  | "keys missing"
  | "keys refused"
  | "access denied"
  | "region differs"
  | "not S3"
  | "full";

/** Faults of the store are problems that the contract knows; the rest is the caller's to judge. */
export function asProblem(error: unknown): unknown {
  const fault = faultOf(error);
  if (fault === undefined) return error;
  if (fault === "full") return new FlixError("no_space", { cause: error });
  return new FlixError("unavailable", { cause: error, headers: { "retry-after": "5" } });
}

const byName: Record<string, Fault> = {
  NoSuchBucket: "bucket not found",
  CredentialsProviderError: "keys missing",
  InvalidAccessKeyId: "keys refused",
  SignatureDoesNotMatch: "keys refused",
  RequestTimeTooSkewed: "keys refused",
  ExpiredToken: "keys refused",
  InvalidToken: "keys refused",
  TokenRefreshRequired: "keys refused",
  // Versity's name for InvalidAccessKeyId.
  XAdminUserNotFound: "keys refused",
  AccessDenied: "access denied",
  AllAccessDisabled: "access denied",
  AuthorizationHeaderMalformed: "region differs",
  PermanentRedirect: "region differs",
  IllegalLocationConstraintException: "region differs",
  TimeoutError: "unreachable",
  SlowDown: "unreachable",
  QuotaExceeded: "full",
  InsufficientCapacity: "full",
  XMinioStorageFull: "full",
};

const unreachable =
  /^(E(CONN(REFUSED|RESET|ABORTED)|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN|PIPE|PROTO)|CERT_|DEPTH_|SELF_|UNABLE_|ERR_(TLS|SSL))/;

export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const known = byName[error.name];
  if (known !== undefined) return known;
  const code: unknown = Reflect.get(error, "code");
  if (typeof code === "string" && unreachable.test(code)) return "unreachable";
  if (error.message === "Region is missing") return "region differs";
  const status = statusOf(error);
  if (status === 403) return "keys refused";
  if (status === 301 || status === 307) return "region differs";
  if (status === 507) return "full";
  if (status !== undefined && status >= 500 && status !== 501) return "unreachable";
  // The SDK could not read what came.
  return error instanceof SyntaxError || /Deserialization error/.test(error.message) ? "not S3" : undefined;
}

/** The connection broke while a request was sent or its answer read. */
export function isCutOff(error: unknown): boolean {
  const fault = error instanceof FlixError ? error.cause : error;
  if (!(fault instanceof Error)) return false;
  return fault.message.startsWith("Connection lost") || cutOffCodes.has(String(Reflect.get(fault, "code")));
}

/** As Node names it; the words above are the SDK's. */
const cutOffCodes = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

export function statusOf(error: unknown): number | undefined {
  const metadata: unknown = Reflect.get(Object(error), "$metadata");
  const status: unknown = Reflect.get(Object(metadata), "httpStatusCode");
  return typeof status === "number" ? status : undefined;
}
