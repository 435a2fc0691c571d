import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { EncoderError } from "../../errors.ts";
import { describeAddress, filenameOf } from "./master-address.ts";
import type { ByteRange, RemoteSource } from "./remote-source.ts";
import { type Interrupted, withRetry } from "./retry.ts";
import { withoutSignature } from "./signatures.ts";
import type { SourceAccess } from "./source-access.ts";
import { changed, lengthOf, lied, parseContentRange, refusalOf, versionOf } from "./web-answer.ts";
import { sendRequest } from "./web-request.ts";

/** Compressed bytes would have other ranges. */
const plain = { "accept-encoding": "identity", "user-agent": "flix" };

/** Asks for one byte, not with HEAD: a signed URL is signed for GET alone. */
export async function openWebSource(
  url: URL,
  access: SourceAccess,
  signal: AbortSignal,
): Promise<RemoteSource> {
  const name = describeAddress({ kind: "web", url });
  const facts = await withRetry(
    async () => {
      const headers = { ...plain, range: "bytes=0-0" };
      const response = await sendRequest(url, { headers }, access, signal);
      response.destroy();
      return factsOf(name, response);
    },
    { patience: access.patience, signal },
  );
  const address = createHash("sha256").update(withoutSignature(url)).digest("hex");
  const source = { name, filename: filenameOf({ kind: "web", url }), identity: address, ...facts };
  return {
    ...source,
    checksum: null,
    read: async (range, signal) => {
      const headers = { ...plain, ...(source.resumable ? rangeHeaders(range, source.version) : {}) };
      const response = await sendRequest(url, { headers }, access, signal);
      const problem = problemOf(source, range, response);
      if (!problem) return response;
      response.destroy();
      throw problem;
    },
  };
}

type Facts = Pick<RemoteSource, "sizeBytes" | "version" | "resumable">;
type Known = Facts & Pick<RemoteSource, "name">;

function factsOf(name: string, response: IncomingMessage): Facts {
  const { statusCode: status, headers } = response;
  const version = versionOf(headers);
  const range = parseContentRange(headers);
  if (status === 416 && range?.total === 0) return { sizeBytes: 0, version, resumable: false };
  const refusal = refusalOf(name, response);
  if (refusal) throw refusal;
  // A range that was not asked for is a server that cannot do ranges: it is read from its start, and its end is checked.
  const ranged = status === 206 && range?.start === 0 && range.end === 1 && range.total !== null;
  if (ranged) return { sizeBytes: range.total, version, resumable: version !== null };
  return { sizeBytes: status === 200 ? lengthOf(headers) : null, version, resumable: false };
}

function rangeHeaders(
  { start, end }: ByteRange | { start: number; end: null },
  version: string | null,
): Record<string, string> {
  const range = `bytes=${start}-${end === null ? "" : end - 1}`;
  // RFC 9110 13.1.5: If-Range takes strong validators only; the answer's version is compared in any case.
  return { range, ...(version?.startsWith('"') ? { "if-range": version } : {}) };
}

/** What is wrong with the answer to a read, if anything is. */
function problemOf(
  source: Known,
  range: ByteRange | { start: number; end: null },
  response: IncomingMessage,
): EncoderError | Interrupted | null {
  const { statusCode: status, headers } = response;
  const version = versionOf(headers);
  const other = version !== null && source.version !== null && version !== source.version;
  if (other || status === 412 || status === 416) return changed(source.name);
  const refusal = refusalOf(source.name, response);
  if (refusal) return refusal;
  if (!source.resumable)
    return status === 200 ? null : lied(source.name, "answers a range that nobody asked for");
  if (status !== 206) {
    if (range.start === 0 && lengthOf(headers) === source.sizeBytes) return null;
    return version === null ? changed(source.name) : lied(source.name, "no longer answers ranges");
  }
  const got = parseContentRange(headers);
  const wanted = { start: range.start, end: range.end ?? source.sizeBytes };
  const right = got?.start === wanted.start && got.end === wanted.end && got.total === source.sizeBytes;
  return right ? null : lied(source.name, "answered another range than it was asked for");
}
