import type { Warning } from "../errors.ts";
import type { Programs } from "../programs/programs.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { telecineWarnings } from "../source/telecine.ts";
import { chooseEncoders } from "../video/hardware.ts";
import { chooseLadder } from "./choose-ladder.ts";
import { requireCapabilities } from "../video/required-capabilities.ts";
import { type Plan, planEncode, type PlanOptions, type Sidecars } from "./plan.ts";
import { switchingSets } from "./plan-video.ts";

/** Plans an encode with the encoders that this machine has. Throws `hardware_not_available` and `capability_missing`. */
export async function planOnMachine(
  source: AdmittedSource,
  sidecars: Sidecars,
  options: PlanOptions,
  { ffmpeg }: Programs,
  signal?: AbortSignal,
): Promise<{ plan: Plan; warnings: Warning[] }> {
  const sets = switchingSets(source.video.dynamicRange, options);
  const chosen = await chooseEncoders(ffmpeg, sets, options.hardware, signal);
  const { plan, warnings } = planEncode(source, sidecars, options, chosen.encoders);
  requireCapabilities(plan, ffmpeg);
  const { ladder, warnings: skipped } = chooseLadder(plan, options.ladder, ffmpeg);
  const telecine = await telecineWarnings(ffmpeg.path, source, signal);
  return { plan: { ...plan, ladder }, warnings: [...warnings, ...telecine, ...chosen.warnings, ...skipped] };
}
