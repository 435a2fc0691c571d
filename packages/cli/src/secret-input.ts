import { text } from "node:stream/consumers";
import { isInteractive, type Host } from "./host.ts";

/**
 * A secret never stands on the command line, where every user of the machine can read it: it comes from standard input, or is asked
 * for on a terminal. Undefined when there is neither.
 */
export async function readSecret(
  question: string,
  { fromStdin, host, signal }: { fromStdin: boolean; host: Host; signal: AbortSignal },
): Promise<string | undefined> {
  if (fromStdin) return (await text(host.stdin)).replace(/\r?\n$/, "") || undefined;
  if (!isInteractive(host)) return undefined;
  const { password } = await import("@inquirer/prompts");
  return (await password({ message: question, mask: true }, { output: host.stderr, signal })) || undefined;
}
