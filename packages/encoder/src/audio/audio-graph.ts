import type { Gain } from "./loudness.ts";
import type { AudioRendition } from "./plan-audio.ts";

type Layout = Pick<AudioRendition, "channels" | "sourceChannels">;

/**
 * Sound as it is encoded, from the film's start on. A late start and gaps become silence and overlaps fall away, from 20 ms on: ffmpeg's own
 * 100 ms would be seen on lips. Channels are folded with the coefficients of ITU-R BS.775 (3 dB off the centre and the
 * surrounds, none of the effects channel), and lowered together so far that no sum of them can clip. What comes after the end falls away
 * first: a damaged time would become hours of silence.
 */
export function decodeChain(
  { channels, sourceChannels }: Layout,
  { shiftSeconds = 0, endSeconds }: { shiftSeconds?: number; endSeconds?: number | undefined } = {},
): string {
  const shift = Math.abs(shiftSeconds) < 0.0005 ? "" : `asetpts=PTS+(${shiftSeconds.toFixed(6)})/TB,`;
  const end = endSeconds === undefined ? "" : `atrim=end=${endSeconds.toFixed(6)},`;
  const resample = `${shift}${end}aresample=48000:async=1:min_hard_comp=0.02:first_pts=0:rematrix_maxval=1`;
  // ffmpeg would lower a single channel by 3 dB, and players do not.
  if (sourceChannels === 1) return `${resample},pan=stereo|c0=c0|c1=c0,aformat=sample_fmts=fltp`;
  return `${resample},aformat=sample_fmts=fltp:channel_layouts=${channels === 6 ? "5.1" : "stereo"}`;
}

/** A limiter on samples misses the peaks between them, so it works at four times the rate, and a little under the ceiling. */
const limiter = "aresample=192000,alimiter=limit=0.776:attack=5:release=50:level=0:latency=1,aresample=48000";

export function gainChain(gain: Gain | null): string {
  if (!gain) return "";
  return `,volume=${gain.gainDb.toFixed(1)}dB${gain.limited ? `,${limiter}` : ""}`;
}

/** A meter by the name of its rendition. */
export function meter(id: string): string {
  return `ebur128@${id}=peak=true:framelog=quiet`;
}
