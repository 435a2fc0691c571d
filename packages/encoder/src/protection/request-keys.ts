import { EncoderError } from "../errors.ts";
import { encodeKey } from "../plan/encode-key.ts";
import type { Plan } from "../plan/plan.ts";
import type { ContentKeys, KeyServer } from "./key-server.ts";
import { tiersUpTo } from "./protection-plan.ts";

interface KeysWanted {
  source: { sha256: string };
  plan: Plan;
  keyServer: KeyServer | undefined;
  signal: AbortSignal | undefined;
}

/**
 * A key for each tier that the package may come to have something of: a film's own ladder, which is found later, never reaches above the
 * plan's. Undefined for a plan without protection.
 */
export async function requestKeys({
  source,
  plan,
  keyServer,
  signal,
}: KeysWanted): Promise<ContentKeys | undefined> {
  if (!plan.protection) return undefined;
  if (!keyServer) {
    throw new EncoderError("protection_not_valid", {
      message: "There is nobody to ask for the keys of a package that is to be encrypted.",
      hint: "Ingest it to a platform, or give a key server.",
    });
  }
  const { scheme } = plan.protection;
  return keyServer.contentKeys({
    scheme,
    tiers: tiersUpTo(plan),
    encodeKey: encodeKey(source.sha256, plan),
    signal,
  });
}
