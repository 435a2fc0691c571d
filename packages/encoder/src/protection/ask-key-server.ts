import { setTimeout as delay } from "node:timers/promises";
import { cancelled, EncoderError } from "../errors.ts";
import type { KeyRequest } from "./key-server.ts";
import type { KeyServerSettings } from "./key-server-settings.ts";
import { largestCpix } from "./read-cpix.ts";

interface Tries {
  waitsMs: readonly number[];
  timeoutMs: number;
}

export const usualTries: Tries = { waitsMs: [500, 2_000, 8_000], timeoutMs: 30_000 };

type Asking = Tries & Pick<KeyRequest, "signal">;

/** What a server that is overloaded or gone for a moment refuses is asked again. */
export async function askKeyServer(
  settings: KeyServerSettings,
  body: string,
  asking: Asking,
): Promise<string> {
  for (const waitMs of asking.waitsMs) {
    try {
      return await askOnce(settings, body, asking);
    } catch (error) {
      if (!(error instanceof EncoderError) || error.code !== "key_server_unreachable") throw error;
    }
    await delay(waitMs, undefined, asking.signal && { signal: asking.signal }).catch(() => {
      throw cancelled();
    });
  }
  return askOnce(settings, body, asking);
}

async function askOnce(
  settings: KeyServerSettings,
  body: string,
  { signal, timeoutMs }: Asking,
): Promise<string> {
  const { url, headers } = settings;
  const limit = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      body,
      headers: { ...headers, "content-type": "application/xml", "x-speke-version": "2.0" },
      // Another place than the one that was set would be handed the credentials.
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await readLimited(response, settings);
  } catch (error) {
    if (signal?.aborted) throw cancelled();
    if (error instanceof EncoderError) throw error;
    throw unreachable(settings, limit.aborted ? "it did not answer in time" : reasonOf(error), error);
  }
  if (response.ok) return text;
  if (response.status >= 500 || response.status === 429)
    throw unreachable(settings, `it answered ${response.status}`);
  throw new EncoderError("key_server_refused", {
    message: `The key server ${hostOf(settings)} answered ${response.status}: ${printable(text)}`,
    hint: "Check FLIX_KEY_SERVER and FLIX_KEY_SERVER_HEADERS with what the DRM vendor gave you.",
  });
}

async function readLimited({ body }: Response, settings: KeyServerSettings): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largestCpix) throw answerNotValid(settings, "it is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unreachable(settings: KeyServerSettings, reason: string, cause?: unknown): EncoderError {
  return new EncoderError("key_server_unreachable", {
    message: `The key server ${hostOf(settings)} cannot be reached: ${reason}.`,
    hint: "Nothing was published. Run the same command again when the server answers: what is encoded is kept.",
    cause,
  });
}

export function answerNotValid(settings: KeyServerSettings, reason: string): EncoderError {
  return new EncoderError("key_server_not_valid", {
    message: `The answer of the key server ${hostOf(settings)} cannot be used: ${reason}.`,
    hint: "It has to be CPIX as SPEKE v2 has it, with keys in the clear. Tell the DRM vendor what is wrong.",
  });
}

/** The rest of the URL may hold a token. */
function hostOf({ url }: KeyServerSettings): string {
  return new URL(url).host;
}

function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  const told = cause instanceof Error ? cause : error;
  return told instanceof Error ? told.message : String(told);
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, " ").slice(0, 200);
}
