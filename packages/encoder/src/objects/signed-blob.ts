import type { IncomingMessage } from "node:http";
import { EncoderError, type EncoderErrorCode } from "../errors.ts";
import { Interrupted } from "../source/remote/retry.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import { refusalOf } from "../source/remote/web-answer.ts";
import { sendRequest, type WebRequest } from "../source/remote/web-request.ts";
import type { Blob } from "./blob.ts";
import { explainBytes } from "./s3-failure.ts";

/** An object that signed addresses give access to: reading by the one, writing by the other. */
export function signedBlob(
  { getUrl, putUrl }: { getUrl: string; putUrl: string },
  access: SourceAccess,
): Blob {
  const send = async (
    url: string,
    request: WebRequest,
    good: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> => {
    try {
      const response = await sendRequest(
        new URL(url),
        request,
        access,
        signal ?? new AbortController().signal,
      );
      if (good.includes(response.statusCode ?? 0)) return response;
      response.destroy();
      throw refusalOf("the chunk", response) ?? new Error(`${response.statusCode} without a reason`);
    } catch (error) {
      throw asStore(error);
    }
  };
  const exists = async (signal: AbortSignal | undefined): Promise<boolean> => {
    const response = await send(getUrl, { headers: { range: "bytes=0-0" } }, [200, 206, 404], signal);
    response.destroy();
    return response.statusCode !== 404;
  };
  return {
    exists,
    async write(archive, signal) {
      const headers = { "content-length": String(archive.sizeBytes), "if-none-match": "*" };
      const request: WebRequest = { method: "PUT", headers, body: () => archive.bytes() };
      try {
        // 412 says that somebody else was faster with the same chunk.
        const response = await send(putUrl, request, [200, 201, 204, 412], signal);
        response.resume();
      } catch (error) {
        // Some hang up on a body that they do not want.
        if (!(error instanceof Interrupted) || !(await exists(signal))) throw error;
      }
    },
    async read(signal) {
      const response = await send(getUrl, { headers: {} }, [200, 404], signal);
      if (response.statusCode === 200) return explainBytes(response, "the chunk");
      response.destroy();
      return null;
    },
  };
}

const storeCodes = new Map<EncoderErrorCode, EncoderErrorCode>([
  ["source_denied", "store_denied"],
  ["source_not_found", "store_not_found"],
  ["source_unreachable", "store_unreachable"],
  ["source_not_valid", "store_not_valid"],
]);

/** The same failures of the same protocol, of a store. */
function asStore(error: unknown): unknown {
  if (error instanceof Interrupted) {
    const final = asStore(error.final);
    return final instanceof EncoderError ? new Interrupted(final, error.retryAfterMs) : error;
  }
  const code = error instanceof EncoderError && storeCodes.get(error.code);
  if (!code || !(error instanceof EncoderError)) return error;
  const hint =
    "Check the store and this machine's network; the grants of a task expire, and the task is sent again.";
  return new EncoderError(code, { message: error.message, hint });
}
