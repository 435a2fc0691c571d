import type { Host } from "./host.ts";

/** On a terminal the text turns while the work runs; elsewhere it is one line. */
export async function withSpinner<T>(
  text: string,
  { stderr }: Pick<Host, "stderr">,
  work: () => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY) {
    stderr.write(`${text}...\n`);
    return work();
  }
  const { default: ora } = await import("ora");
  // SIGINT stays ours: the signal reaches the work, which ends the spinner.
  const spinner = ora({ text, stream: stderr, discardStdin: false }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}
