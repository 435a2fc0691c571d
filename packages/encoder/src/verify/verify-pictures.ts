import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readProgram } from "../programs/ffmpeg.ts";
import { jsonFields } from "../json-fields.ts";
import { layout } from "../package/layout.ts";
import { readMediaPlaylist } from "../package/hls-manifest.ts";
import { sheetCount } from "../pictures/thumbnails.ts";
import type { Inspection } from "./inspection.ts";

/** The posters and every thumbnail sheet are pictures that decode, of the planned size. */
export async function verifyPictures(inspection: Inspection, frames: number): Promise<void> {
  const { plan } = inspection;
  const { columns, rows, width, height } = plan.thumbnails;
  const candidates = await readdir(join(inspection.folder, layout.posterFolder)).catch(() => []);
  const posters = candidates.map((_, index) => layout.posterCandidate(index + 1));
  for (const path of [layout.poster, ...posters]) await verifyPicture(inspection, path, plan.poster);
  for (let number = 1; number <= sheetCount(plan.thumbnails, frames); number += 1) {
    await verifyPicture(inspection, layout.sheet(number), { width: columns * width, height: rows * height });
  }
  await verifyImageTracks(inspection, sheetCount(plan.thumbnails, frames));
  const track = await stat(join(inspection.folder, layout.thumbnails)).catch(() => null);
  if (!track?.size) inspection.problems.push(`${layout.thumbnails} is missing or empty`);
}

/** Both manifests name the sheets, no more and no less. */
async function verifyImageTracks({ folder, hls, dash, problems }: Inspection, sheets: number): Promise<void> {
  const playlist = await readFile(join(folder, layout.imagePlaylist), "utf8").catch(() => "");
  const { segments, ended } = readMediaPlaylist(playlist, layout.imagePlaylist);
  const named = segments.map(({ path }) => path).join();
  const wanted = Array.from({ length: sheets }, (_, index) => layout.sheet(index + 1)).join();
  if (named !== wanted || !ended) problems.push(`${layout.imagePlaylist} does not name the sheets`);
  if (!hls.images.includes(layout.imagePlaylist)) problems.push(`${layout.hls} does not list the thumbnails`);
  if (!dash.representations.some(({ contentType }) => contentType === "image")) {
    problems.push(`${layout.dash} does not list the thumbnails`);
  }
}

/** `-count_frames` decodes the picture, so one that was cut does not pass. */
async function verifyPicture(
  { ffprobe, folder, problems, signal }: Inspection,
  path: string,
  size: { width: number; height: number },
): Promise<void> {
  const guards = ["-protocol_whitelist", "file", "-format_whitelist", "image2,jpeg_pipe", "-f", "jpeg_pipe"];
  const shown = ["-count_frames", "-show_entries", "stream=width,height,nb_read_frames", "-of", "json"];
  const { stdout, stderr } = await readProgram(ffprobe, [...guards, "-v", "error", ...shown, "-i", path], {
    folder,
    signal,
  });
  const stream = jsonFields(JSON.parse(stdout || "{}")).list("streams")[0];
  const right =
    stream?.number("width") === size.width &&
    stream.number("height") === size.height &&
    stream.number("nb_read_frames") === 1;
  if (!right || stderr.trim() !== "")
    problems.push(`${path} is not a picture of ${size.width}x${size.height}`);
}
