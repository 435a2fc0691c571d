/** ffmpeg n7.0 was seen to ignore SIGTERM for 12 s. */
const graceMs = 3_000;

/** A child that leads a group of its own can be ended with all that it started, and does not get the terminal's Ctrl-C twice. */
export const ownGroup = process.platform !== "win32";

interface Child {
  readonly pid?: number | undefined;
  kill(signal: NodeJS.Signals): boolean;
}

/**
 * Ends a child and its whole group when the signal fires: SIGTERM, three seconds, SIGKILL.
 * The answer removes the listener and the timer; call it once the child is gone.
 */
export function endGroupOnAbort(child: Child, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    sendToGroup(child, "SIGTERM");
    timer = setTimeout(() => sendToGroup(child, "SIGKILL"), graceMs);
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  };
}

function sendToGroup(child: Child, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (ownGroup) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // The group is gone already.
  }
}
