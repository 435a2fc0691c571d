/** What a decoder makes of a film's pictures. Times are the film's, in seconds. */
export interface DecodedFilm {
  /** Of what the container holds. */
  packets: readonly number[];
  /** In order of their output. */
  pictures: readonly DecodedPicture[];
  /** Something was wrong, in the container too. */
  complaints: number;
}

export interface DecodedPicture {
  seconds: number;
  /** Parts of it were made up by the decoder. */
  concealed: boolean;
  /** Needs no other. */
  isKey: boolean;
  /** Of the kind that others are seldom predicted from. */
  isBidirectional: boolean;
}

/**
 * Reads ffmpeg's log at `-debug_ts`, of one stream of pictures: a line for each packet and each picture, and before a picture that has errors in it a line
 * that says so. Both come from the decoder's own thread, so their order holds. What comes after the film's end is left out.
 */
export function createDecodeReader(filmSeconds: number): { push(line: string): void; read(): DecodedFilm } {
  const packets: number[] = [];
  const pictures: DecodedPicture[] = [];
  let [complaints, concealed] = [0, false];
  return {
    push(line) {
      if (isComplaint(line)) complaints += 1;
      if (line.includes("corrupt decoded frame")) concealed = true;
      const packet = /demuxer\+ffmpeg -> .*?type:video .*?pkt_pts_time:(-?[\d.]+)/.exec(line)?.[1];
      if (packet !== undefined && Number(packet) < filmSeconds) packets.push(Number(packet));
      // The last of the line's times that has the name is the one that filters see: `frame_pts_time` may be missing where it is not.
      const picture = /decoder -> .*\b(?:best_effort_ts_time|pts_time):(-?[\d.]+)/.exec(line)?.[1];
      if (picture === undefined) return;
      const [isKey, isBidirectional] = [line.includes("keyframe:1"), line.includes("frame_type:3")];
      const seconds = Number(picture);
      if (seconds < filmSeconds) pictures.push({ seconds, concealed, isKey, isBidirectional });
      concealed = false;
    },
    read: () => ({ packets, pictures, complaints }),
  };
}

export function isComplaint(line: string): boolean {
  return /\[(error|fatal|panic)\]/.test(line) || /corrupt/i.test(line);
}

/** Of ffmpeg's `framecrc` of one stream: lines such as `0, 1024, 1024, 512, 99, 0x0`, after one that says how long a tick is. */
export function parseFrameTimes(text: string): { start: number; end: number }[] {
  const [, num = "", den = ""] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? [];
  const tick = Number(num) / Number(den);
  return [...text.matchAll(/^0, *-?\d+, *(-?\d+), *(\d+),/gm)].map(([, pts, duration]) => ({
    start: Number(pts) * tick,
    end: (Number(pts) + Number(duration)) * tick,
  }));
}
