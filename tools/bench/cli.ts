import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { median, type Bench } from "./bench.ts";
import { childCpuOf } from "./cpu.ts";

const program = join(import.meta.dirname, "../../packages/cli/dist/main.js");
const rounds = 7;
/** The kernel counts in hundredths of a second, so one sample is many starts. */
const startsPerRound = 15;

export const cli: Bench = {
  question: "What does the start of `flix` cost beside Node's own?",
  async run() {
    const [anchor, version, help]: number[][] = [[], [], []];
    startMany(["-e", "0"]);
    startMany([program, "--version"]);
    for (let round = 0; round < rounds; round += 1) {
      anchor?.push(await childCpuOf(() => startMany(["-e", "0"])));
      version?.push(await childCpuOf(() => startMany([program, "--version"])));
      help?.push(await childCpuOf(() => startMany([program, "--help"])));
    }
    const base = median(anchor ?? []);
    const said = `node -e 0: ${((base / startsPerRound) * 1000).toFixed(0)} ms CPU = 1`;
    return [
      { label: "flix --version", ratio: median(version ?? []) / base, goal: 1.5 },
      { label: "flix --help", ratio: median(help ?? []) / base, goal: 2 },
    ].map(({ label, ratio, goal }) => ({
      label,
      value: ratio.toFixed(2),
      goal: `<= ${goal}`,
      met: ratio <= goal,
      anchor: said,
    }));
  },
};

function startMany(args: string[]): void {
  for (let start = 0; start < startsPerRound; start += 1) {
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0) throw new Error(`node ${args.join(" ")} failed: ${String(stderr)}`);
  }
}
