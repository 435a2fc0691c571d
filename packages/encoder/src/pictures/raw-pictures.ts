import { open } from "node:fs/promises";
import type { PictureSize } from "../plan/ladder.ts";

/** Bytes of a picture in 4:2:0. */
export function pictureBytes({ width, height }: PictureSize): number {
  return (width * height * 3) / 2;
}

/** Reads raw pictures (4:2:0, one after the other); half a picture at the end is none. What was handed out is overwritten by the next. */
export async function* readRawPictures(path: string, size: PictureSize): AsyncGenerator<Uint8Array> {
  const picture = Buffer.alloc(pictureBytes(size));
  const file = await open(path);
  try {
    for (let at = 0; ; at += picture.length) {
      const { bytesRead } = await file.read(picture, 0, picture.length, at);
      if (bytesRead < picture.length) return;
      yield picture;
    }
  } finally {
    await file.close();
  }
}
