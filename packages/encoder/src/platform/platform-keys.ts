import { createKeySet, exportKeySet, getKeySet, isFlixError, type Output } from "@flix/sdk";
import { cancelled, EncoderError } from "../errors.ts";
import { clearKeySignal } from "../protection/drm-signal.ts";
import type { KeyRequest, KeyServer } from "../protection/key-server.ts";
import type { UploadTarget } from "./upload.ts";

/**
 * The platform as key server: ClearKey, with keys that it makes, keeps and hands out itself. A package gets new ones unless a set is
 * named; an encode that goes on after an interruption gets those that it began with.
 */
export function platformKeys({ client, titleId }: UploadTarget, keySetId?: string): KeyServer {
  return {
    contentId: titleId,
    async contentKeys({ scheme, tiers, encodeKey, signal }) {
      const call = signal ? { signal } : {};
      try {
        const set =
          keySetId === undefined
            ? await createKeySet(
                client,
                { title_id: titleId, body: { scheme, tiers: [...tiers], encode_key: encodeKey } },
                call,
              )
            : await getKeySet(client, { key_set_id: keySetId }, call);
        requireFitting(set, titleId, { scheme, tiers });
        const { keys } = await exportKeySet(client, { key_set_id: set.id }, call);
        const used = keys.filter(({ tier }) => tiers.includes(tier));
        return {
          scheme,
          keys: used.map(({ key_id, tier, key }) => ({ keyId: key_id, tier, key: Buffer.from(key, "hex") })),
          signals: used.map(({ key_id }) => clearKeySignal(key_id, scheme)),
          keySystems: ["org.w3.clearkey"],
          keySetId: set.id,
        };
      } catch (error) {
        throw explain(error, signal);
      }
    },
  };
}

function requireFitting(
  { id, title_id, scheme, keys }: Output<"getKeySet">,
  titleId: string,
  wanted: Pick<KeyRequest, "scheme" | "tiers">,
): void {
  const missing = wanted.tiers.filter((tier) => !keys.some((key) => key.tier === tier));
  const faults = [
    ...(title_id === titleId ? [] : [`it is of another title, ${title_id}`]),
    ...(scheme === wanted.scheme ? [] : [`it is made for ${scheme}`]),
    ...(missing.length === 0 ? [] : [`it has no key for ${missing.join(", ")}`]),
  ];
  if (faults.length === 0) return;
  throw new EncoderError("key_set_not_valid", {
    message: `The key set ${id} does not fit this package: ${faults.join("; ")}.`,
    hint: "`flix keys list <title>` shows the sets there are; without --key-set the package gets keys of its own.",
  });
}

function explain(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return cancelled();
  if (!isFlixError(error)) return error;
  return new EncoderError(error.status === undefined ? "key_server_unreachable" : "key_server_refused", {
    message: `The platform gave no content keys (${error.code}): ${error.message}.`,
    hint: "What is encoded is kept. Run the same command again once that is mended.",
    cause: error,
  });
}
