import { readFile, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { programs } from "./clips.ts";

/** Where a packet lies in its file. */
export interface PacketPlace {
  position: number;
  size: number;
  seconds: number;
}

/** Of one stream such as `v:0`, in the order in which they are shown. */
export async function packetPlaces(path: string, stream: string): Promise<PacketPlace[]> {
  const { ffprobe } = await programs();
  const shown = ["-show_entries", "packet=pts_time,size,pos", "-of", "csv=p=0"];
  const { stdout } = await execa(ffprobe.path, ["-v", "error", "-select_streams", stream, ...shown, path]);
  return stdout
    .split("\n")
    .map((line) => line.split(",").map(Number))
    .map(([seconds = 0, size = 0, position = 0]) => ({ seconds, size, position }))
    .toSorted((a, b) => a.seconds - b.seconds);
}

/** As a disk that lost blocks. */
export async function zeroPackets(path: string, places: readonly PacketPlace[]): Promise<void> {
  await rewrite(path, (bytes) => {
    for (const { position, size } of places) bytes.fill(0, position, position + size);
    return bytes;
  });
}

/** As a bad memory or line: a few bytes in the middle of each. */
export async function flipPackets(path: string, places: readonly PacketPlace[]): Promise<void> {
  await rewrite(path, (bytes) => {
    for (const { position, size } of places) {
      const middle = position + Math.floor(size / 2);
      for (let at = middle; at < middle + 8; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
    }
    return bytes;
  });
}

/** As a bad reception: every n-th packet of a transport stream is not there. */
export async function losePackets(path: string, every: number): Promise<void> {
  await rewrite(path, (bytes) => {
    const packets = Array.from({ length: Math.floor(bytes.length / 188) }, (_, index) =>
      bytes.subarray(index * 188, (index + 1) * 188),
    );
    // The tables in front say what is in it.
    return Buffer.concat(packets.filter((_, index) => index < 50 || index % every > 0));
  });
}

/** As a copy that broke off. */
export async function cutFilm(path: string, share: number): Promise<void> {
  await rewrite(path, (bytes) => bytes.subarray(0, Math.round(bytes.length * share)));
}

async function rewrite(path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(path, change(await readFile(path)));
}
