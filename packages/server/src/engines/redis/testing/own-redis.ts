import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { onTestFinished, vi } from "vitest";
import { startDaemon, stopDaemon, type Daemon } from "../../../../../../tools/engines/daemon.ts";
import { redis } from "../../../../../../tools/engines/redis.ts";
import { RedisLink } from "../link.ts";

export const silent = pino({ level: "silent" });

/** A link with keys that nobody else uses, stopped with the test. */
export async function openLink(
  url: string,
  {
    prefix = newPrefix(),
    setUp = () => {},
    log = silent,
  }: { prefix?: string; setUp?: (link: RedisLink) => void; log?: typeof silent } = {},
): Promise<RedisLink> {
  const link = new RedisLink({ url, prefix, log });
  onTestFinished(() => link.stop());
  setUp(link);
  await link.start();
  return link;
}

export function newPrefix(): string {
  return `flix-test-${randomUUID()}:`;
}

/** A Redis that a test may treat as it likes. */
export interface OwnRedis {
  url: string;
  /** As a crash; it forgets everything. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** It keeps its connections, takes new ones, and answers nobody. */
  hang(): void;
  resume(): void;
}

/** Stopped with the test, or where `onEnd` says. */
export async function startOwnRedis(
  onEnd: (stop: () => Promise<void>) => void = onTestFinished,
): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), "flix-redis-"));
  const { command, environment, url } = await redis.prepare(folder, await redis.provide(folder));
  let daemon: Daemon | undefined;
  const signal = (name: NodeJS.Signals) => daemon && process.kill(-daemon.pid, name);
  const own: OwnRedis = {
    url,
    async kill() {
      if (daemon) await stopDaemon(daemon, 0);
      daemon = undefined;
    },
    async restart() {
      daemon = await startDaemon(command, { environment, folder, log: join(folder, "output.log") });
      await vi.waitFor(() => redis.ping(url), { timeout: 10_000, interval: 20 });
    },
    hang: () => signal("SIGSTOP"),
    resume: () => signal("SIGCONT"),
  };
  onEnd(async () => {
    await own.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await own.restart();
  return own;
}
