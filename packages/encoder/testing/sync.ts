import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { layout } from "../src/package/layout.ts";
import { readDashManifest } from "../src/package/dash-manifest.ts";
import { programs, temporaryFolder } from "./clips.ts";

/** Which of a package's manifests says what its segments are. */
export type Protocol = "hls" | "dash";

/** A black picture that is white for one frame, with a beep as long, one second in and every two seconds from there. */
export function syncInputs({
  seconds = 4,
  offsetSeconds = 0,
  lateSound = 0,
  latePicture = 0,
  channels = 1,
} = {}): string[] {
  const flash = "drawbox=t=fill:color=white:enable='eq(mod(n,48),24)'";
  const beep = `'0.5*sin(2*PI*1000*t)*between(mod(t,2),1,${1 + 1 / 24})'`;
  // What starts late is cut at its beginning, not moved: flash and beep stay together.
  const cut = (by: number): string[] => (by === 0 ? [] : ["-ss", String(by), "-itsoffset", String(by)]);
  const shift = ["-itsoffset", String(offsetSeconds)];
  const picture = ["-f", "lavfi", "-i", `color=black:s=320x180:r=24:d=${seconds},${flash}`];
  const beeps = Array.from({ length: channels }, () => beep).join("|");
  const sound = ["-f", "lavfi", "-i", `aevalsrc=${beeps}:s=48000:d=${seconds}`];
  return [
    ...(latePicture === 0 ? shift : cut(latePicture)),
    ...picture,
    ...(lateSound === 0 ? shift : cut(lateSound)),
    ...sound,
  ];
}

/** By how many seconds each beep of a package comes after its flash, as a player that follows edit lists shows them. */
export async function measureSync(
  packageFolder: string,
  video: string,
  audio: string,
  protocol: Protocol = "hls",
): Promise<number[]> {
  const [pictures, sound] = [
    await concatOf(packageFolder, video, protocol),
    await concatOf(packageFolder, audio, protocol),
  ];
  const [flashes, beeps] = [
    await findFlashes(packageFolder, pictures),
    await findBeeps(packageFolder, sound),
  ];
  return flashes.map((flash) => {
    const distances = beeps.map((beep) => beep - flash);
    return distances.reduce((best, next) => (Math.abs(next) < Math.abs(best) ? next : best), Infinity);
  });
}

const sampleRate = 48_000;

/** Where sound begins after silence. */
async function findBeeps(folder: string, input: string): Promise<number[]> {
  const raw = await decode(folder, input, [
    "-af",
    "aresample=async=1:first_pts=0",
    "-ac",
    "1",
    "-ar",
    String(sampleRate),
    "-f",
    "s16le",
  ]);
  const samples = Array.from({ length: raw.length / 2 }, (_, index) => Math.abs(raw.readInt16LE(index * 2)));
  const loud = 0.3 * samples.reduce((most, sample) => Math.max(most, sample), 0);
  let lastLoud = -Infinity;
  return samples.flatMap((sample, index) => {
    if (sample < loud) return [];
    const isOnset = index - lastLoud > sampleRate / 2;
    lastLoud = index;
    return isOnset ? [index / sampleRate] : [];
  });
}

async function findFlashes(folder: string, input: string): Promise<number[]> {
  const raw = await decode(folder, input, [
    "-vf",
    "scale=1:1,format=gray",
    "-fps_mode",
    "passthrough",
    "-f",
    "rawvideo",
  ]);
  const { ffprobe } = await programs();
  const shown = ["-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0"];
  const { stdout } = await execa(ffprobe.path, [...shown, "-protocol_whitelist", "concat,file", input], {
    cwd: folder,
  });
  // Frames with side data have a line more.
  const times = [...stdout.matchAll(/^-?[\d.]+/gm)].map(([time]) => Number(time));
  return [...raw].flatMap((luma, index) => (luma > 128 ? [times[index] ?? Number.NaN] : []));
}

async function decode(folder: string, url: string, options: readonly string[]): Promise<Buffer> {
  const { ffmpeg } = await programs();
  const path = join(await temporaryFolder(), "raw");
  const input = ["-protocol_whitelist", "concat,file", "-i", url];
  await execa(ffmpeg.path, ["-v", "error", "-copyts", ...input, ...options, `file:${path}`], { cwd: folder });
  return readFile(path);
}

/** The init segment and all media segments of a rendition, as one file. */
async function concatOf(folder: string, id: string, protocol: Protocol): Promise<string> {
  const segments = protocol === "hls" ? await hlsSegments(folder, id) : await dashSegments(folder, id);
  return `concat:${[layout.init(id), ...segments].join("|")}`;
}

async function hlsSegments(folder: string, id: string): Promise<string[]> {
  const playlist = await readFile(join(folder, layout.playlist(id)), "utf8");
  const names = playlist.split("\n").filter((line) => line.endsWith(".m4s"));
  return names.map((name) => `${id}/${name}`);
}

async function dashSegments(folder: string, id: string): Promise<string[]> {
  const manifest = readDashManifest(await readFile(join(folder, layout.dash), "utf8"));
  const found = manifest.representations.find(({ init }) => init === layout.init(id));
  return (found?.segments ?? []).map(({ path }) => path);
}
