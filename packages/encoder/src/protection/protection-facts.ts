import type { Plan } from "../plan/plan.ts";
import type { ContentKey, EncryptionScheme } from "./content-key.ts";
import type { KeySystem } from "./drm-signal.ts";
import type { ContentKeys } from "./key-server.ts";
import { tiersOf } from "./protection-plan.ts";

/** What the report says of a package's encryption, which everybody may read: everything but the keys. */
export interface ProtectionFacts {
  scheme: EncryptionScheme;
  clearLeadSeconds: number;
  keySystems: readonly KeySystem[];
  keySetId?: string;
  keys: Pick<ContentKey, "keyId" | "tier">[];
}

/** Of a plan whose renditions were made: keys of tiers that have none any more are left out. */
export function protectionFacts(
  plan: Plan,
  contentKeys: ContentKeys | undefined,
): ProtectionFacts | undefined {
  if (!plan.protection || !contentKeys) return undefined;
  const { scheme, keys, keySystems, keySetId } = contentKeys;
  const tiers = tiersOf(plan);
  return {
    scheme,
    clearLeadSeconds: plan.protection.clearLeadSeconds,
    keySystems,
    ...(keySetId === undefined ? {} : { keySetId }),
    keys: keys.flatMap(({ keyId, tier }) => (tiers.includes(tier) ? [{ keyId, tier }] : [])),
  };
}
