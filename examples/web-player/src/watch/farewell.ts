let last: Promise<unknown> = Promise.resolve();

/** Notes that a session is being ended, which stores where the viewer is. */
export function sayFarewell(ending: Promise<unknown>): void {
  last = ending.catch(() => undefined);
}

const patienceMs = 1_500;

/** Waits for it, a moment: who comes from the player should see the new position, not the one before. */
export async function afterFarewell(): Promise<void> {
  await Promise.race([last, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}
