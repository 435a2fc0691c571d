export interface GrantRenewal {
  /** Renews the grant and resolves; answers false where that was tried too often to be the reason. */
  renew(): Promise<boolean>;
}

interface Options {
  beat: () => Promise<void>;
  /** Monotonic, in milliseconds. */
  now: () => number;
}

const windowMs = 60_000;
const mostInWindow = 3;

/**
 * Brings a new grant when segments are refused, as after a device has slept. Audio and video are refused at the same time and share
 * one renewal; a segment that stays refused after several has another reason.
 */
export function createGrantRenewal({ beat, now }: Options): GrantRenewal {
  let flight: Promise<void> | undefined;
  let begun: number[] = [];
  return {
    async renew() {
      if (!flight) {
        begun = begun.filter((time) => now() - time < windowMs);
        if (begun.length >= mostInWindow) return false;
        begun.push(now());
        flight = beat().finally(() => {
          flight = undefined;
        });
      }
      await flight;
      return true;
    },
  };
}
