import { writeFile } from "node:fs/promises";

export interface PgsCue {
  startSeconds: number;
  endSeconds: number;
  box?: Box;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** That the pictures are drawn for. */
interface Screen {
  width: number;
  height: number;
}

const usualScreen = { width: 320, height: 180 };
const usualBox = { x: 110, y: 120, width: 100, height: 40 };

/** Subtitles of a Blu-ray (PGS, in a .sup file): a white box at the bottom of the picture for each cue, unless it says where. ffmpeg cannot write them. */
export async function makePgs(path: string, cues: readonly PgsCue[], screen = usualScreen): Promise<string> {
  const sets = cues.flatMap(({ startSeconds, endSeconds, box = usualBox }, index) => [
    shownAt(startSeconds, { number: index * 2, screen, box }),
    clearedAt(endSeconds, { number: index * 2 + 1, screen, box }),
  ]);
  await writeFile(path, Buffer.concat(sets));
  return path;
}

const types = { palette: 0x14, object: 0x15, composition: 0x16, window: 0x17, end: 0x80 };

interface Composition {
  number: number;
  screen: Screen;
  box: Box;
}

function shownAt(seconds: number, { number, screen, box }: Composition): Buffer {
  const object = [0, 0, 0, 0, ...words(box.x, box.y)];
  const rows = Array.from({ length: box.height }, () => [
    0,
    0xc0 | (box.width >> 8),
    box.width & 0xff,
    1,
    0,
    0,
  ]).flat();
  const length = rows.length + 4;
  return Buffer.concat([
    segment(seconds, types.composition, [
      ...words(screen.width, screen.height),
      0x10,
      ...words(number),
      0x80,
      0,
      0,
      1,
      ...object,
    ]),
    segment(seconds, types.window, windowOf(box)),
    // Entry 1: Y, Cr, Cb and opacity of white.
    segment(seconds, types.palette, [0, 0, 1, 235, 128, 128, 255]),
    segment(seconds, types.object, [
      ...words(0),
      0,
      0xc0,
      length >> 16,
      ...words(length & 0xffff),
      ...words(box.width, box.height),
      ...rows,
    ]),
    segment(seconds, types.end, []),
  ]);
}

function clearedAt(seconds: number, { number, screen, box }: Composition): Buffer {
  return Buffer.concat([
    segment(seconds, types.composition, [
      ...words(screen.width, screen.height),
      0x10,
      ...words(number),
      0,
      0,
      0,
      0,
    ]),
    segment(seconds, types.window, windowOf(box)),
    segment(seconds, types.end, []),
  ]);
}

function windowOf(box: Box): number[] {
  return [1, 0, ...words(box.x, box.y, box.width, box.height)];
}

function segment(seconds: number, type: number, body: readonly number[]): Buffer {
  const header = Buffer.alloc(13);
  header.write("PG", "latin1");
  header.writeUInt32BE(Math.round(seconds * 90_000), 2);
  header.writeUInt8(type, 10);
  header.writeUInt16BE(body.length, 11);
  return Buffer.concat([header, Buffer.from(body)]);
}

function words(...values: readonly number[]): number[] {
  return values.flatMap((value) => [value >> 8, value & 0xff]);
}
