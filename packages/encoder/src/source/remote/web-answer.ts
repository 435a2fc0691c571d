import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { EncoderError } from "../../errors.ts";
import { Interrupted } from "./retry.ts";

/** Null for an answer with a body that can be read. */
export function refusalOf(
  name: string,
  { statusCode = 0, headers }: IncomingMessage,
): EncoderError | Interrupted | null {
  if (statusCode === 200 || statusCode === 206) {
    const encoding = headers["content-encoding"] ?? "identity";
    return encoding === "identity" ? null : notValid(name, `sends it compressed (${encoding})`);
  }
  if (statusCode === 404 || statusCode === 410) {
    return new EncoderError("source_not_found", {
      message: `There is no ${name} (${statusCode}).`,
      hint: "Check the address.",
    });
  }
  if (statusCode === 401 || statusCode === 403 || statusCode === 407) {
    return new EncoderError("source_denied", {
      message: `${name} may not be read (${statusCode}).`,
      hint: "Check what grants access to it; a signed address expires and has to be signed anew.",
    });
  }
  const refused = new EncoderError("source_unreachable", {
    message: `The server of ${name} answered ${statusCode}.`,
    hint: "Try again later, or ask who runs the server.",
  });
  const passing = statusCode >= 500 || [408, 425, 429].includes(statusCode);
  return passing ? new Interrupted(refused, Number(headers["retry-after"] ?? 0) * 1000 || 0) : refused;
}

export function versionOf({ etag, "last-modified": modified }: IncomingHttpHeaders): string | null {
  return etag ?? modified ?? null;
}

export function lengthOf({ "content-length": length }: IncomingHttpHeaders): number | null {
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** `bytes 0-499/1234`, `bytes 0-499/*` and `bytes * /1234`, the end exclusive; null for anything else. */
export function parseContentRange({
  "content-range": text = "",
}: IncomingHttpHeaders): { start: number | null; end: number | null; total: number | null } | null {
  const [, first, last, total] = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15}|\*)$/.exec(text) ?? [];
  if (total === undefined) return null;
  return {
    start: first === undefined ? null : Number(first),
    end: last === undefined ? null : Number(last) + 1,
    total: total === "*" ? null : Number(total),
  };
}

export function changed(name: string): EncoderError {
  return new EncoderError("source_changed", {
    message: `${name} changed while it was read.`,
    hint: "Wait until the master is written to its end, then run the same command again.",
  });
}

/** A balancer may have passed the request to another server, so it is asked again first. */
export function lied(name: string, what: string): Interrupted {
  return new Interrupted(notValid(name, what));
}

function notValid(name: string, what: string): EncoderError {
  return new EncoderError("source_not_valid", {
    message: `The server of ${name} ${what}.`,
    hint: "Copy the master here with another program, and ingest the copy.",
  });
}
