import { join } from "node:path";
import { findPrograms } from "@flix/encoder";
import { execa } from "execa";

/** A small film with a moving picture, unless another is given, and a tone; its path. */
export async function makeFilm(
  folder: string,
  { seconds = 2, name = "film.mp4", picture = "" } = {},
): Promise<string> {
  const path = join(folder, name);
  const { ffmpeg } = await findPrograms();
  const shown = picture || `testsrc2=size=320x180:rate=24:duration=${seconds}`;
  const tone = `sine=frequency=440:duration=${seconds}`;
  const codecs = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
    "-shortest",
  ];
  await execa(ffmpeg.path, [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    shown,
    "-f",
    "lavfi",
    "-i",
    tone,
    ...codecs,
    `file:${path}`,
  ]);
  return path;
}
