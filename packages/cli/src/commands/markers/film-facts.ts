import type { Flix, Output } from "@flix/sdk";
import { CliError } from "../../errors.ts";
import { jsonFields } from "../../json-fields.ts";
import { isPlatformError } from "../../platform-error.ts";

export type CurrentPackage = Output<"listPackages">["data"][number];

/** What the title plays: markers are times in it. */
export async function requireCurrentPackage(flix: Flix, titleId: string): Promise<CurrentPackage> {
  for await (const made of flix.pages.listPackages({ title_id: titleId, state: "ready", page_size: 100 })) {
    if (made.current) return made;
  }
  throw new CliError("title_not_playable", {
    message: "The title has no film yet",
    fix: "Run `flix ingest` for it; `--marker` goes with it.",
  });
}

/** The master's, as the package's report has it; a package of another maker may have none. */
export async function startTimecodeOf(flix: Flix, { id }: CurrentPackage): Promise<string | null> {
  const report = await flix.getPackageReport({ package_id: id }).catch((error: unknown) => {
    if (isPlatformError(error) && error.status === 404) return {};
    throw error;
  });
  return jsonFields(report).object("source").text("start_timecode") ?? null;
}

/** Its rate as a fraction, so that timecode counts exact frames: 23.976 is 24000/1001. */
export function frameRateOf({ renditions }: CurrentPackage): { num: number; den: number } {
  const rate = renditions.find(({ type }) => type === "video")?.frame_rate ?? 25;
  const ntsc = Math.round(rate * 1.001) * 1000;
  return Math.abs(ntsc / 1001 - rate) < 0.001
    ? { num: ntsc, den: 1001 }
    : { num: Math.round(rate * 1000), den: 1000 };
}
