import type { Warning } from "../errors.ts";
import type { FanOut } from "../workers/fan-out.ts";
import type { BurnedSubtitle } from "./burned-subtitle.ts";

/** Workers on other machines read the master alone, and what is drawn over its pictures lies here. */
export function burnedHere(
  burned: BurnedSubtitle | undefined,
  fanOut: FanOut | undefined,
): { fanOut: FanOut | undefined; warnings: Warning[] } {
  if (!burned || !fanOut) return { fanOut, warnings: [] };
  const message =
    "The film is encoded on this machine alone: workers on other machines do not have the subtitle that is burned in.";
  return { fanOut: undefined, warnings: [{ code: "burned_here", message }] };
}
