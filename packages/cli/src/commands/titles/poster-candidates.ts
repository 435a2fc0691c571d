import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReportedPoster } from "@flix/encoder";
import type { Flix } from "@flix/sdk";
import { CliError } from "../../errors.ts";
import type { Title } from "../../resources.ts";
import type { Column } from "../../table.ts";
import { timecodeText } from "../../wording.ts";

/** The frames that the encoder kept of the film that the title plays, the best first. */
export async function findPosters(flix: Flix, packageId: string): Promise<ReportedPoster[]> {
  const { postersInReport } = await import("@flix/encoder");
  return postersInReport(await flix.getPackageReport({ package_id: packageId }));
}

export function requirePoster(posters: readonly ReportedPoster[], number: number): ReportedPoster {
  const found = posters[number - 1];
  if (found) return found;
  throw new CliError("poster_not_found", {
    message: `There is no candidate ${number}: the film has ${posters.length}`,
    fix: "Without an option, `flix titles poster` lists them.",
  });
}

export async function savePosters(
  flix: Flix,
  packageId: string,
  posters: readonly ReportedPoster[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path } of posters) {
    const picture = await flix.getPackageFile({ package_id: packageId, file_path: path });
    await writeFile(join(folder, basename(path)), await picture.bytes());
  }
}

interface PosterLine extends Omit<ReportedPoster, "atSeconds" | "sha256"> {
  candidate: number;
  at_seconds: number;
  /** The title has it now. */
  current: boolean;
}

/** As it is shown; artwork is named by its digest, so that the platform's address of it tells which frame it is. */
export function lineOf(
  { atSeconds, sha256, ...facts }: ReportedPoster,
  index: number,
  { artwork }: Title,
): PosterLine {
  const url = artwork.find(({ kind }) => kind === "poster")?.url ?? "";
  const current = sha256 !== undefined && url.includes(sha256);
  return { candidate: index + 1, at_seconds: atSeconds, ...facts, current };
}

export const posterColumns: readonly Column<PosterLine>[] = [
  { header: "CANDIDATE", value: ({ candidate }) => candidate, align: "right" },
  { header: "AT", value: ({ at_seconds: at }) => timecodeText(at), align: "right" },
  { header: "SCORE", value: ({ score }) => score.toFixed(2), align: "right" },
  { header: "SHARPNESS", value: ({ sharpness }) => sharpness.toFixed(2), align: "right" },
  { header: "EXPOSURE", value: ({ exposure }) => exposure.toFixed(2), align: "right" },
  { header: "CONTRAST", value: ({ contrast }) => contrast.toFixed(2), align: "right" },
  { header: "COLOUR", value: ({ colourfulness }) => colourfulness.toFixed(2), align: "right" },
  { header: "NOW", value: ({ current }) => (current ? "poster" : "") },
];
