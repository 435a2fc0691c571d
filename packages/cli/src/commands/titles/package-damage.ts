import type { JsonFields } from "../../json-fields.ts";
import { timecodeText } from "../../wording.ts";
import { facts } from "./package-facts.ts";

/** What of a damaged master is lost, and where; nothing of a report that has no such figures. */
export function damageLines(damage: JsonFields): string[] {
  const silent = damage.number("silent_seconds");
  const all = facts(lostText(damage), silent && `${silent.toFixed(2)} s of sound silent`);
  if (all === undefined) return damage.names().length > 0 ? ["none, though it was tolerated"] : [];
  return [all, ...damage.list("ranges").map(rangeText)];
}

/** `41 frames damaged, 12 missing` */
function lostText(counts: JsonFields): string | undefined {
  const [damaged = 0, missing = 0] = [counts.number("damaged_frames"), counts.number("missing_frames")];
  const frames = (count: number): string => (count === 1 ? "1 frame" : `${count} frames`);
  return facts(damaged > 0 && `${frames(damaged)} damaged`, missing > 0 && `${frames(missing)} missing`);
}

function rangeText(range: JsonFields): string {
  const [from = 0, to = 0] = [range.number("start_seconds"), range.number("end_seconds")];
  return `${timecodeText(from)} - ${timecodeText(to)}: ${lostText(range) ?? ""}`;
}
