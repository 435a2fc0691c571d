import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../plan/plan.ts";
import { sheetName } from "../pictures/thumbnails.ts";
import { layout } from "./layout.ts";

type PlannedThumbnails = Pick<Plan, "thumbnails" | "frameRate">;

interface Thumbnails {
  plan: PlannedThumbnails;
  count: number;
  /** Of the heaviest sheet, over the time that it stands for. */
  bandwidthBps: number;
}

/** Names the thumbnail sheets in both manifests, for players that show them without being told of the WebVTT track. The packager does not know of pictures. */
export async function addImageTracks(
  plan: PlannedThumbnails,
  count: number,
  packageFolder: string,
): Promise<void> {
  const thumbnails = { plan, count, bandwidthBps: await measure(plan, count, packageFolder) };
  const edit = async (path: string, change: (text: string) => string): Promise<void> =>
    writeFile(join(packageFolder, path), change(await readFile(join(packageFolder, path), "utf8")));
  await writeFile(join(packageFolder, layout.imagePlaylist), imagePlaylist(thumbnails));
  await edit(layout.hls, (master) => addImageStream(master, thumbnails));
  await edit(layout.dash, (mpd) => addImageSet(mpd, thumbnails));
}

async function measure(plan: PlannedThumbnails, count: number, folder: string): Promise<number> {
  const sheets = Math.ceil(count / perSheet(plan));
  const paths = Array.from({ length: sheets }, (_, index) => join(folder, layout.sheet(index + 1)));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return Math.ceil((Math.max(0, ...sizes) * 8) / (perSheet(plan) * plan.thumbnails.everySeconds));
}

function perSheet({ thumbnails: { columns, rows } }: PlannedThumbnails): number {
  return columns * rows;
}

/** Image Media Playlists, version 0.4: `EXT-X-TILES` says how a sheet is cut, and how long each tile is shown. */
export function imagePlaylist({ plan, count }: Omit<Thumbnails, "bandwidthBps">): string {
  const { width, height, columns, rows, everySeconds } = plan.thumbnails;
  const tiles = `#EXT-X-TILES:RESOLUTION=${width}x${height},LAYOUT=${columns}x${rows},DURATION=${decimal(everySeconds)}`;
  const sheets = Array.from({ length: Math.ceil(count / perSheet(plan)) }, (_, index) => {
    const shown = Math.min(perSheet(plan), count - index * perSheet(plan));
    return [`#EXTINF:${decimal(shown * everySeconds)},`, tiles, sheetName(index + 1)];
  });
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(perSheet(plan) * everySeconds)}`,
    "#EXT-X-MEDIA-SEQUENCE:1",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-IMAGES-ONLY",
    ...sheets.flat(),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

function addImageStream(master: string, { plan, bandwidthBps }: Thumbnails): string {
  const { width, height } = plan.thumbnails;
  const facts = `BANDWIDTH=${bandwidthBps},RESOLUTION=${width}x${height},CODECS="jpeg",URI="${layout.imagePlaylist}"`;
  return `${master.trimEnd()}\n\n#EXT-X-IMAGE-STREAM-INF:${facts}\n`;
}

/** DASH-IF Interoperability Points 4.3, section 6.2.6: a segment is a sheet, its size that of all its tiles. */
function addImageSet(mpd: string, { plan, bandwidthBps }: Thumbnails): string {
  const { width, height, columns, rows, everyFrames } = plan.thumbnails;
  const { num, den } = plan.frameRate;
  const template = `media="${layout.thumbnailFolder}/${sheetName("$Number$")}" startNumber="1" timescale="${num}" duration="${perSheet(plan) * everyFrames * den}"`;
  const set = [
    `    <AdaptationSet contentType="image" mimeType="image/jpeg">`,
    `      <Representation id="thumbnails" bandwidth="${bandwidthBps}" width="${columns * width}" height="${rows * height}">`,
    `        <EssentialProperty schemeIdUri="http://dashif.org/guidelines/thumbnail_tile" value="${columns}x${rows}"/>`,
    `        <SegmentTemplate ${template}/>`,
    "      </Representation>",
    "    </AdaptationSet>",
    "",
  ].join("\n");
  return mpd.replace(/( *)<\/Period>/, `${set}$1</Period>`);
}

function decimal(seconds: number): string {
  return String(Number(seconds.toFixed(6)));
}
