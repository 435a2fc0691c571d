import { randomUUID } from "node:crypto";
import { askKeyServer, answerNotValid, usualTries } from "./ask-key-server.ts";
import type { ContentKey, EncryptionScheme } from "./content-key.ts";
import { type Cpix, type CpixDrmSystem, usageRule } from "./cpix.ts";
import { type DrmSignal, systemIds } from "./drm-signal.ts";
import type { ContentKeys, KeyServer } from "./key-server.ts";
import type { KeyServerSettings } from "./key-server-settings.ts";
import { readCpix } from "./read-cpix.ts";
import { requireSignal } from "./require-signal.ts";
import { writeCpix } from "./write-cpix.ts";

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
      const answer = await askKeyServer(settings, writeCpix(asked), { signal, ...tries });
      const filled = readCpix(answer, (reason) => answerNotValid(settings, reason));
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
  if (!found?.key) throw answerNotValid(settings, `it has no key ${keyId}`);
  if (found.scheme !== scheme) throw answerNotValid(settings, `its key ${keyId} is made for ${found.scheme}`);
  // AES-CTR must never meet one counter twice, so with `cenc` the packager draws an IV for each track.
  return { key: found.key, ...(found.iv && scheme === "cbcs" ? { iv: found.iv } : {}) };
}

/** Every gap has to come back filled: an encryptor that meets an empty one stops (SPEKE v2, constraints). */
function filledSignal(settings: KeyServerSettings, { drmSystems }: Cpix, gaps: CpixDrmSystem): DrmSignal {
  const { keyId, systemId } = gaps;
  const found = drmSystems.find((system) => system.keyId === keyId && system.systemId === systemId);
  const empty = gapNames.filter((name) => gaps[name] !== undefined && !found?.[name]?.length);
  if (!found || empty.length > 0)
    throw answerNotValid(settings, `for ${systemId} and the key ${keyId} it lacks ${empty.join(", ")}`);
  requireSignal(found, (reason) => answerNotValid(settings, reason));
  return found;
}

const gapNames = ["pssh", "contentProtection", "hlsMedia", "hlsMaster"] as const;
