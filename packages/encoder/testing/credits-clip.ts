import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip } from "./clips.ts";

/** A film of test pictures with a tone, and what comes before and after it. */
export interface Ending {
  /** Of black before the film. */
  leaderSeconds?: number;
  filmSeconds: number;
  /** Of black and silence between the film and what follows. */
  gapSeconds: number;
  credits: "rolling" | "none";
  endSeconds: number;
  /** Turns the film's light down to a night's. */
  dark?: boolean;
}

const size = { width: 320, height: 180 };

/** Writes a clip of 24 frames a second with a GOP of two seconds. */
export async function makeEnding(folder: string, ending: Ending): Promise<string> {
  const { leaderSeconds = 0, filmSeconds, gapSeconds, credits, endSeconds, dark = false } = ending;
  const page = join(folder, "credits.pgm");
  await writeFile(page, creditsPage());
  const night = dark ? ",lutyuv=y=16+(val-16)*0.2,noise=alls=6:allf=t" : "";
  const roll =
    credits === "rolling"
      ? "[1:v]crop=320:180:0:'min(24*t,ih-180)',format=yuv420p,setsar=1[roll]"
      : "[1:v]crop=320:180:0:0,lutyuv=y=16:u=128:v=128,format=yuv420p,setsar=1[roll]";
  const volume = credits === "rolling" ? 0.3 : 0;
  const graph = [
    `[0:v]format=yuv420p${night},setsar=1,tpad=start_duration=${leaderSeconds}:stop_duration=${gapSeconds}:color=black[film]`,
    roll,
    `[2:a]adelay=${leaderSeconds * 1000},apad=pad_dur=${gapSeconds}[tone]`,
    `[3:a]volume=${volume}[music]`,
    "[film][tone][roll][music]concat=n=2:v=1:a=1[v][a]",
  ].join(";");
  return makeClip(
    join(folder, "film.mp4"),
    `-f lavfi -i testsrc2=size=320x180:rate=24:duration=${filmSeconds}`,
    ["-loop", "1", "-framerate", "24", "-t", String(endSeconds), "-i", page],
    `-f lavfi -i sine=frequency=440:duration=${filmSeconds} -f lavfi -i sine=frequency=330:duration=${endSeconds}`,
    ["-filter_complex", graph, "-map", "[v]", "-map", "[a]"],
    "-c:v libx264 -preset ultrafast -g 48 -keyint_min 48 -sc_threshold 0 -c:a aac",
  );
}

/** White letters on black, a picture as wide as the film and long enough to roll: no font is needed, so that it is the same everywhere. */
function creditsPage(): Buffer {
  const height = 640;
  const pixels = Buffer.alloc(size.width * height);
  for (let line = 0; line * 13 + 7 < height; line += 1) {
    const letters = 8 + ((line * 7) % 12);
    const left = Math.round((size.width - letters * 7) / 2);
    for (let letter = 0; letter < letters; letter += 1) {
      drawLetter(pixels, left + letter * 7, line * 13, glyphs[(line * 5 + letter * 3) % glyphs.length] ?? []);
    }
  }
  return Buffer.concat([Buffer.from(`P5 ${size.width} ${height} 255\n`), pixels]);
}

function drawLetter(pixels: Buffer, left: number, top: number, rows: readonly number[]): void {
  rows.forEach((bits, y) => {
    for (let x = 0; x < 5; x += 1) {
      if ((bits >> (4 - x)) & 1) pixels[(top + y) * size.width + left + x] = 235;
    }
  });
}

/** A, D, E, L, N, O, R, T in five columns and seven rows. */
const glyphs: readonly (readonly number[])[] = [
  [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
  [0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e],
  [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
  [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
  [0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11],
  [0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e],
  [0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11],
  [0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04],
];
