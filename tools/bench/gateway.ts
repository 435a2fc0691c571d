import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "../../examples/deploy/testing/gateway.ts";
import { moduleNames } from "../../packages/server/src/config.ts";
import { createEmptyDatabase } from "../../packages/server/testing/empty-database.ts";
import { findAccess, whyMissing } from "../engines/find-access.ts";
import { nginx } from "../engines/nginx.ts";
import { postgres } from "../engines/postgres.ts";
import { redis } from "../engines/redis.ts";
import { startApiPlatform } from "./api-platform.ts";
import { readerToken } from "./api.ts";
import { type Bench, BenchMissing, type Figure } from "./bench.ts";
import { loadAll, makeTitles, startBareServer, type Load } from "./list-load.ts";

const goals = { direct: 0.7, gateway: 0.6 };

export const gateway: Bench = {
  question:
    "What does a signed-in list of 20 titles cost on a real PostgreSQL and through nginx, beside bare Fastify serving the same bytes?",
  async run() {
    const [database, shared, program] = [findAccess(postgres), findAccess(redis), nginx.find()];
    if (!database) throw new BenchMissing(`it ${whyMissing(postgres)}`);
    if (!shared) throw new BenchMissing(`it ${whyMissing(redis)}`);
    if (program === undefined) throw new BenchMissing("it needs nginx: pnpm engines up nginx");
    const stops: (() => unknown)[] = [];
    try {
      return await measure({ database: database.url, redis: shared.url, nginx: program }, (stop) => {
        stops.push(stop);
      });
    } finally {
      for (const stop of stops.toReversed()) await stop();
    }
  },
};

type Engines = Record<"database" | "redis" | "nginx", string>;

/** Two servers over one database, one of them with Redis; a gateway before the first, and one before the anchor. */
async function measure(engines: Engines, onEnd: (stop: () => unknown) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const data = await createEmptyDatabase(engines.database);
  onEnd(() => data.drop());
  const start = async (environment: Record<string, string>) => {
    const own = { DATABASE_URL: data.connectionString, FLIX_TRUSTED_PROXIES: "loopback", ...environment };
    const server = await startApiPlatform(folder, own);
    onEnd(() => server.stop());
    return server;
  };
  const platform = await start({});
  await makeTitles(platform.flix);
  const withRedis = await start({ REDIS_URL: engines.redis });
  const token = await readerToken(platform);
  const bare = await startBareServer(platform.url, token);
  onEnd(() => bare.process.kill());
  const before = async (name: string, url: string) => {
    const place = join(folder, name);
    const started = await startGateway(engines.nginx, place);
    onEnd(() => started.stop());
    const places = moduleNames.map(
      (module) => [module, [portOf(module === "catalog" ? url : platform.url)]] as const,
    );
    await started.route(new Map(places));
    return { url: started.url, gateway: await workersOf(place) };
  };
  const [server, anchor] = [platform.process.pid ?? 0, bare.process.pid ?? 0];
  return toFigures(
    await loadAll({
      bare: { url: bare.url, server: anchor, token },
      bareBehind: { ...(await before("before-bare", bare.url)), server: anchor, token },
      direct: { url: platform.url, server, token },
      behind: { ...(await before("before-flix", platform.url)), server, token },
      redis: { url: withRedis.url, server: withRedis.process.pid ?? 0, token: await readerToken(withRedis) },
    }),
  );
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Process ids of nginx's workers, by Linux's list of a process's children. */
async function workersOf(folder: string): Promise<number[]> {
  const master = (await readFile(join(folder, "nginx.pid"), "utf8")).trim();
  const children = await readFile(`/proc/${master}/task/${master}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

type Loads = Record<"bare" | "bareBehind" | "direct" | "behind" | "redis", Load>;

function toFigures({ bare, bareBehind, direct, behind, redis: shared }: Loads): Figure[] {
  const anchor = `bare Fastify: ${tell(bare)}`;
  const figure = (label: string, value: number, goal: number | undefined, beside = anchor): Figure => ({
    label,
    value: value.toFixed(2),
    goal: goal === undefined ? "none" : `>= ${goal}`,
    met: goal === undefined || value >= goal,
    anchor: beside,
  });
  const throughput = (load: Load, to: Load) => load.requestsPerSecond / to.requestsPerSecond;
  const throughNginx = `bare Fastify through the same nginx: ${tell(bareBehind)}; the list: ${tell(behind)}`;
  return [
    figure("requests/s on PostgreSQL", throughput(direct, bare), goals.direct),
    figure("1 / CPU on PostgreSQL", bare.cpu / direct.cpu, goals.direct),
    figure("requests/s with Redis", throughput(shared, bare), undefined),
    figure("1 / CPU with Redis", bare.cpu / shared.cpu, goals.direct),
    figure("requests/s through nginx", throughput(behind, bare), goals.gateway, throughNginx),
    figure("1 / CPU of the server behind nginx", bare.cpu / behind.cpu, goals.gateway, throughNginx),
    figure(
      "requests/s through nginx / bare through nginx",
      throughput(behind, bareBehind),
      goals.gateway,
      throughNginx,
    ),
    figure(
      "1 / CPU of server and nginx / bare and nginx",
      (bareBehind.cpu + bareBehind.gatewayCpu) / (behind.cpu + behind.gatewayCpu),
      undefined,
      throughNginx,
    ),
  ];
}

function tell({ requestsPerSecond, cpu, gatewayCpu }: Load): string {
  const before = gatewayCpu === 0 ? "" : ` and ${gatewayCpu.toFixed(0)} of nginx`;
  return `${requestsPerSecond.toFixed(0)} requests/s, ${cpu.toFixed(0)} us CPU each${before}`;
}
