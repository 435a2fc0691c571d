import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flix, linesOf, type RunOptions } from "./flix.ts";

export interface RunningPlatform {
  url: string;
  /** Of this platform alone: configuration, data and work. */
  folder: string;
  env: Record<string, string>;
  /** Runs a command as the local operator. */
  run(args: readonly string[], options?: RunOptions): ReturnType<typeof flix>;
  /** As `run` with `--json`; fails unless the command succeeds. */
  json(args: readonly string[], options?: RunOptions): Promise<unknown>;
  stop(): Promise<void>;
}

/** A whole platform on its embedded defaults, started by the real `flix up`, in folders and on a port of its own; `engines` names others. */
export async function startPlatform(engines: Record<string, string> = {}): Promise<RunningPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "flix-up-"));
  const env = { FLIX_CONFIG_DIR: join(folder, "config"), FLIX_WORK_DIR: join(folder, "work") };
  const up = flix(["up", "--port", "0", "--data", join(folder, "data"), "--json"], {
    env: { ...env, ...engines },
  });
  const { url } = await readAnnouncement(up);
  const run = (args: readonly string[], options: RunOptions = {}) =>
    flix(args, { ...options, env: { ...env, ...options.env } });
  return {
    url,
    folder,
    env,
    run,
    async json(args, options) {
      const { exitCode, stdout, stderr } = await run([...args, "--json"], options);
      if (exitCode !== 0) throw new Error(`flix ${args.join(" ")} exited with ${exitCode}: ${stderr}`);
      return JSON.parse(stdout);
    },
    async stop() {
      up.kill("SIGINT");
      await up;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `flix up --json` prints one object once it serves. */
async function readAnnouncement(up: ReturnType<typeof flix>): Promise<{ url: string }> {
  let text = "";
  for await (const line of linesOf(up.stdout)) {
    text += line;
    if (line === "}") return JSON.parse(text);
  }
  const { stderr } = await up;
  throw new Error(`flix up did not start: ${stderr}`);
}
