import type { KeyServer } from "../protection/key-server.ts";
import { keyServerSettings } from "../protection/key-server-settings.ts";
import { planProtection, type ProtectionOptions } from "../protection/protection-plan.ts";
import { spekeKeyServer } from "../protection/speke-key-server.ts";
import { platformKeys } from "./platform-keys.ts";
import type { UploadTarget } from "./upload.ts";

/** The operator's key server where one is set, and the platform otherwise; undefined for a package that stays clear. */
export function keyServerFor(options: ProtectionOptions & UploadTarget): KeyServer | undefined {
  const plan = planProtection(options);
  if (!plan) return undefined;
  const settings = keyServerSettings(plan.scheme);
  return settings ? spekeKeyServer(settings, options.titleId) : platformKeys(options, plan.keySetId);
}
