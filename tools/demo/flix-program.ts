import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../packages/cli/dist/main.js");

export interface FlixProgram {
  /** Runs a command whose progress people should see. */
  show: (...words: string[]) => Promise<void>;
  /** Runs a command with `--json` and reads what it says. */
  json: (...words: (string | { input: string })[]) => Promise<{ id: string }>;
  /** Starts a command that goes on. */
  start: (words: string[], output: number) => ChildProcess;
}

/** The built `flix`, with a configuration folder of its own: the demo changes nobody's contexts. */
export function createFlixProgram({
  configFolder,
  signal,
}: {
  configFolder: string;
  signal: AbortSignal;
}): FlixProgram {
  const env = { ...process.env, FLIX_CONFIG_DIR: configFolder };
  const run = (words: string[], stdout: "inherit" | "pipe", input?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...words], {
        env,
        signal,
        stdio: ["pipe", stdout, "inherit"],
      });
      let said = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
      child.stdin?.end(input);
      child.once("error", reject);
      child.once("close", (code) =>
        code === 0
          ? resolve(said)
          : reject(new Error(`flix ${words[0]} ${words[1]} ended with exit code ${code}`)),
      );
    });
  return {
    show: async (...words) => {
      await run(words, "inherit");
    },
    json: async (...words) => {
      const input = words.find((word) => typeof word === "object")?.input;
      const said = await run([...words.filter((word) => typeof word === "string"), "--json"], "pipe", input);
      return JSON.parse(said);
    },
    start: (words, output) =>
      spawn(process.execPath, [program, ...words], { env, stdio: ["ignore", output, output] }),
  };
}
