import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";
import { tiersUpTo, type ContentKey, type PackageKeys } from "../media/index.ts";

type License = components["schemas"]["License"];

/**
 * The keys of a package among those asked for that a plan up to a height plays, as a JWK set (Encrypted Media Extensions
 * section 9.1.4). Players ask for all that a manifest names, so what is not theirs is left out; an answer without a key would leave them
 * waiting, and is refused with the reason.
 */
export function licenseOf(
  { keys, renditions }: PackageKeys,
  maxHeight: number,
  kids: readonly string[],
): License {
  const wanted = new Set(kids);
  const found = keys.filter(({ keyId }) => wanted.has(kidOf(keyId)));
  if (found.length === 0) throw new FlixError("content_key_not_found");
  const tiers = tiersUpTo(renditions, maxHeight);
  const played = found.filter(({ tier }) => tiers.has(tier));
  if (played.length === 0)
    throw new FlixError("quality_not_entitled", { detail: `The plan plays up to ${maxHeight} lines.` });
  return { keys: played.map(toJwk), type: "temporary" };
}

function toJwk({ keyId, key }: ContentKey): License["keys"][number] {
  return { kty: "oct", kid: kidOf(keyId), k: key.toString("base64url") };
}

/** A UUID's 16 bytes in base64url without padding. */
function kidOf(keyId: string): string {
  return Buffer.from(keyId.replaceAll("-", ""), "hex").toString("base64url");
}
