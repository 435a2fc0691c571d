/**
 * Where playback is, for the account of its time:
 *
 *     starting -> playing <-> stalled | paused | seeking -> ended
 *
 * Only `playing` counts as played and only `stalled` as stalled: the wait for the first frame is the video start time, and the wait
 * after a seek is neither (CTA-2066).
 */
export type Phase = "starting" | "playing" | "stalled" | "paused" | "seeking" | "ended";

export interface Meter {
  readonly phase: Phase;
  to(phase: Phase): void;
  /** The time since the last call, in whole milliseconds; what is cut off is carried to the next. */
  take(): { play_ms: number; stall_ms: number };
}

/** `now` is monotonic, in milliseconds. */
export function createMeter(now: () => number): Meter {
  let phase: Phase = "starting";
  let since = now();
  const spent = { playing: 0, stalled: 0 };
  const settle = () => {
    const time = now();
    if (phase === "playing" || phase === "stalled") spent[phase] += time - since;
    since = time;
  };
  const drain = (counted: keyof typeof spent) => {
    const whole = Math.floor(spent[counted]);
    spent[counted] -= whole;
    return whole;
  };
  return {
    get phase() {
      return phase;
    },
    to(next) {
      settle();
      phase = next;
    },
    take() {
      settle();
      return { play_ms: drain("playing"), stall_ms: drain("stalled") };
    },
  };
}
