/** What a meter after EBU R128 says of a whole track (ITU-R BS.1770-4: gated by level, not by dialogue). */
export interface Loudness {
  integratedLkfs: number;
  rangeLu: number;
  /** Null of silence. */
  truePeakDbtp: number | null;
}

/**
 * -24 LKFS is the programme loudness of ATSC A/85, and within a decibel of EBU R128's: what mixes for homes are delivered at. -27 is
 * meant for dialogue, which lies about 3 LU below its programme in films.
 */
export const loudnessTargets = [-24, -27] as const;
export type LoudnessTarget = (typeof loudnessTargets)[number];

/** A decoder and a converter may add a little to what is sent; both specifications leave them 2 dB. */
export const truePeakCeilingDbtp = -2;

/** Below the absolute gate there is nothing to measure. */
const silenceLkfs = -69;
/** More would make noise of what was meant to be silent. */
const maxGainDb = 20;
/** What is lost to the limiter is given back once, up to this much: loud moments must not become a wall. */
const maxMakeupDb = 3;

export interface Gain {
  gainDb: number;
  /** Peaks that the gain brings past the ceiling are held there; all else stays as it was mixed. */
  limited: boolean;
}

/** One gain over the whole track, so that quiet stays quiet beside loud. Null of silence. */
export function gainTo(target: LoudnessTarget, { integratedLkfs, truePeakDbtp }: Loudness): Gain | null {
  if (integratedLkfs <= silenceLkfs || truePeakDbtp === null) return null;
  const gainDb = round(Math.min(maxGainDb, target - integratedLkfs));
  return { gainDb, limited: truePeakDbtp + gainDb > truePeakCeilingDbtp };
}

/** After the limiter was measured too. */
export function withMakeup({ gainDb, limited }: Gain, target: LoudnessTarget, limitedTrack: Loudness): Gain {
  const lost = Math.max(0, target - limitedTrack.integratedLkfs);
  return { gainDb: round(gainDb + Math.min(maxMakeupDb, lost)), limited };
}

function round(decibels: number): number {
  return Math.round(decibels * 10) / 10;
}

/** Reads the summaries that ffmpeg's `ebur128` filters log at their end, by the filters' names. */
export function createLoudnessReader(): { push(line: string): void; of(name: string): Loudness | undefined } {
  const found = new Map<string, Partial<Loudness>>();
  let current: Partial<Loudness> = {};
  return {
    push(line) {
      const name = /^\[ebur128@([\w-]+) @ \w+\].*Summary:/.exec(line)?.[1];
      if (name !== undefined) found.set(name, (current = {}));
      const [, key, value] = /^\s+(I|LRA|Peak):\s+(\S+) (?:LUFS|LU|dBFS)/.exec(line) ?? [];
      // `-0.0` is 0.
      const level = Number(value) || 0;
      if (key === "I") current.integratedLkfs = level;
      else if (key === "LRA") current.rangeLu = level;
      else if (key === "Peak") current.truePeakDbtp = value === "-inf" ? null : level;
    },
    of(name) {
      const { integratedLkfs, rangeLu, truePeakDbtp } = found.get(name) ?? {};
      if (integratedLkfs === undefined || rangeLu === undefined || truePeakDbtp === undefined)
        return undefined;
      return { integratedLkfs, rangeLu, truePeakDbtp };
    },
  };
}
