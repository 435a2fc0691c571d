import type { CommandContext } from "./context.ts";

/** On a terminal the text turns while the work runs; elsewhere it is one line, and with `--json` none. */
export async function withSpinner<T>(
  text: string,
  { host: { stderr }, output }: Pick<CommandContext, "host" | "output">,
  work: () => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY || output.json) {
    output.note(`${text}...`);
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
