import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { cancelled, EncoderError } from "../errors.ts";
import type { ContentKey, EncryptionScheme } from "./content-key.ts";
import { type Cpix, type CpixDrmSystem, usageRule } from "./cpix.ts";
import { type DrmSignal, systemIds } from "./drm-signal.ts";
import type { ContentKeys, KeyRequest, KeyServer } from "./key-server.ts";
import type { KeyServerSettings } from "./key-server-settings.ts";
import { largestCpix, readCpix } from "./read-cpix.ts";
import { requireSignal } from "./require-signal.ts";
import { writeCpix } from "./write-cpix.ts";

type Tries = { waitsMs: readonly number[]; timeoutMs: number };
const usualTries: Tries = { waitsMs: [500, 2_000, 8_000], timeoutMs: 30_000 };

/**
 * Asks a DRM vendor's key server for the keys of a title and what its players have to be told, by SPEKE v2: a CPIX document with
 * the gaps that the server fills. The ids of the keys are the encryptor's to choose.
 */
export function spekeKeyServer(
  settings: KeyServerSettings,
  contentId: string,
  tries = usualTries,
): KeyServer {
  return {
    contentId,
    async contentKeys({ scheme, tiers, signal }) {
      const named = tiers.map((tier) => ({ keyId: randomUUID(), tier }));
      const asked: Cpix = {
        contentId,
        keys: named.map(({ keyId }) => ({ keyId, scheme })),
        drmSystems: settings.keySystems.flatMap((system) =>
          named.map(({ keyId }) => gapsOf(keyId, systemIds[system])),
        ),
        usageRules: named.map(usageRule),
      };
      const answer = await ask(settings, writeCpix(asked), { signal, ...tries });
      const filled = readCpix(answer, (reason) => notValid(settings, reason));
      const keys = named.map((name) => ({ ...name, ...filledKey(settings, filled, name.keyId, scheme) }));
      const signals = asked.drmSystems.map((gaps) => filledSignal(settings, filled, gaps));
      return { scheme, keys, signals, keySystems: settings.keySystems } satisfies ContentKeys;
    },
  };
}

/** FairPlay has no `pssh` and is not played in DASH. */
function gapsOf(keyId: string, systemId: string): CpixDrmSystem {
  const hls = { hlsMedia: "", hlsMaster: "" };
  if (systemId === systemIds["com.apple.fps"]) return { keyId, systemId, ...hls };
  return { keyId, systemId, pssh: Buffer.alloc(0), contentProtection: "", ...hls };
}

function filledKey(
  settings: KeyServerSettings,
  { keys }: Cpix,
  keyId: string,
  scheme: EncryptionScheme,
): Pick<ContentKey, "key" | "iv"> {
  const found = keys.find((candidate) => candidate.keyId === keyId);
  if (!found?.key) throw notValid(settings, `it has no key ${keyId}`);
  if (found.scheme !== scheme) throw notValid(settings, `its key ${keyId} is made for ${found.scheme}`);
  // AES-CTR must never meet one counter twice, so with `cenc` the packager draws an IV for each track.
  return { key: found.key, ...(found.iv && scheme === "cbcs" ? { iv: found.iv } : {}) };
}

/** Every gap has to come back filled: an encryptor that meets an empty one stops (SPEKE v2, constraints). */
function filledSignal(settings: KeyServerSettings, { drmSystems }: Cpix, gaps: CpixDrmSystem): DrmSignal {
  const { keyId, systemId } = gaps;
  const found = drmSystems.find((system) => system.keyId === keyId && system.systemId === systemId);
  const empty = gapNames.filter((name) => gaps[name] !== undefined && !found?.[name]?.length);
  if (!found || empty.length > 0)
    throw notValid(settings, `for ${systemId} and the key ${keyId} it lacks ${empty.join(", ")}`);
  requireSignal(found, (reason) => notValid(settings, reason));
  return found;
}

const gapNames = ["pssh", "contentProtection", "hlsMedia", "hlsMaster"] as const;

type Asking = Tries & Pick<KeyRequest, "signal">;

/** What a server that is overloaded or gone for a moment refuses is asked again. */
async function ask(settings: KeyServerSettings, body: string, asking: Asking): Promise<string> {
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
    if (size > largestCpix) throw notValid(settings, "it is too large");
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

function notValid(settings: KeyServerSettings, reason: string): EncoderError {
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
