import { growthRequests, type GrowthRequest } from "../../packages/server/testing/growth-requests.ts";
import { findAccess, whyMissing } from "../engines/find-access.ts";
import { postgres } from "../engines/postgres.ts";
import { type Bench, BenchMissing, type Figure, median } from "./bench.ts";
import { exactCpuSeconds } from "./cpu.ts";
import { backends, isAtRest, startGrown, type GrownPlatform } from "./grown-platform.ts";

const small = 10_000;
const large = Number(process.env["FLIX_TITLES"] ?? 1_000_000);
const rounds = Number(process.env["FLIX_ROUNDS"] ?? 60);
const warmUps = 5;
const goalRatio = 1.5;

export const growth: Bench = {
  question: `What does a request cost with ${large} titles and profiles beside ${small}, where no answer is kept?`,
  async run() {
    const access = findAccess(postgres);
    if (!access) throw new BenchMissing(`it ${whyMissing(postgres)}`);
    const platforms: GrownPlatform[] = [];
    try {
      // One after the other: the anchor is not measured while the other one is being filled.
      for (const size of [large, small]) platforms.push(await startGrown(access.url, size));
      const [grown, anchor] = platforms;
      if (!grown || !anchor) return [];
      await Promise.all(platforms.map(isAtRest));
      const figures: Figure[] = [];
      for (const request of growthRequests) figures.push(await compare(request, anchor, grown));
      return figures;
    } finally {
      for (const platform of platforms) await platform.stop();
    }
  },
};

/** Milliseconds of one request. */
interface Cost {
  time: number;
  cpu: number;
}

/** By turns, so that a busy moment of the machine strikes both alike. */
async function compare(request: GrowthRequest, anchor: GrownPlatform, grown: GrownPlatform): Promise<Figure> {
  const runs = [anchor, grown].map((platform) => ({ platform, pids: [] as number[], costs: [] as Cost[] }));
  for (const run of runs) {
    for (let n = 0; n < warmUps; n += 1) await ask(run.platform, request, rounds + n);
    run.pids = [run.platform.server.process.pid ?? 0, ...(await backends(run.platform.databaseUrl))];
  }
  for (let n = 0; n < rounds; n += 1) {
    for (const { platform, pids, costs } of runs)
      costs.push(await costOf(pids, () => ask(platform, request, n)));
  }
  const [few, many] = runs.map(({ costs }) => costs);
  if (!few || !many) throw new Error("Nothing was measured");
  const [time, cpu] = (["time", "cpu"] as const).map((what) => middle(many, what) / middle(few, what));
  if (time === undefined || cpu === undefined) throw new Error("Nothing was measured");
  return {
    label: `${request.label}: time, CPU`,
    value: `${time.toFixed(2)}, ${cpu.toFixed(2)}`,
    goal: request.bounded === false ? "none" : `<= ${goalRatio}`,
    met: Math.max(time, cpu) <= goalRatio,
    anchor: `${small}: ${tell(few)}; ${large}: ${tell(many)}`,
  };
}

/** Of the server, and of the database's processes that work for it. */
async function costOf(pids: readonly number[], work: () => Promise<void>): Promise<Cost> {
  const spent = () => pids.map(exactCpuSeconds).reduce((sum, seconds) => sum + seconds, 0);
  const before = spent();
  const started = performance.now();
  await work();
  return { time: performance.now() - started, cpu: (spent() - before) * 1000 };
}

function middle(costs: readonly Cost[], what: keyof Cost): number {
  return median(costs.map((cost) => cost[what]));
}

function tell(costs: readonly Cost[]): string {
  const sorted = costs.map(({ time }) => time).toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? NaN;
  return `${middle(costs, "time").toFixed(1)} ms, p95 ${p95.toFixed(1)}, CPU ${middle(costs, "cpu").toFixed(1)}`;
}

async function ask(
  { server, size, tokens }: GrownPlatform,
  { path, by }: GrowthRequest,
  n: number,
): Promise<void> {
  const viewers = by === "quiet viewer" ? tokens.quiet : tokens.busy;
  const token = by === "operator" ? tokens.operator : viewers[n % viewers.length];
  const address = path(n, size);
  const answer = await fetch(server.url + address, { headers: { authorization: `Bearer ${token}` } });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${body}`);
}
