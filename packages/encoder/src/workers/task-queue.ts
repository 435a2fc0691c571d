/**
 * The queue of a version of ffmpeg: only the same program gives the same bytes, so a worker takes the tasks of its own. Whoever waits for one
 * that no worker has is told so.
 */
export function taskQueue(ffmpegVersion: string): string {
  return `flix.chunks.${ffmpegVersion.replaceAll(/[^\w.-]+/g, "_").slice(0, 100)}`;
}

/** A run that is gone for longer has no use for its answers: workers stop at the next report. */
export const repliesExpireMs = 120_000;

/** A task that nobody took for this long is not wanted any more; the addresses in it are signed for as long. */
export const taskLifeMs = 12 * 3600 * 1000;
