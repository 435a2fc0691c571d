import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished, vi } from "vitest";
import { startDaemon, stopDaemon, type Daemon } from "../../../../../../tools/engines/daemon.ts";
import { rabbitmq } from "../../../../../../tools/engines/rabbitmq.ts";

/** A quorum queue that was made a moment before a kill is lost for good (RabbitMQ 3.10): its folder is there, and nothing in it. */
const writtenMs = 1_500;

/** A broker of the test's own, which keeps its queues when it is killed. */
export interface OwnRabbitmq {
  url: string;
  kill(): Promise<void>;
  /** Resolves once it answers. */
  restart(): Promise<void>;
}

/** Stopped with the test. */
export async function startOwnRabbitmq(): Promise<OwnRabbitmq> {
  const folder = await mkdtemp(join(tmpdir(), "flix-rabbitmq-"));
  const { command, environment, url } = await rabbitmq.prepare(folder, await rabbitmq.provide(folder));
  let daemon: Daemon | undefined;
  const own: OwnRabbitmq = {
    url,
    async kill() {
      await delay(writtenMs);
      if (daemon) await stopDaemon(daemon, 0);
      daemon = undefined;
    },
    async restart() {
      daemon = await startDaemon(command, { environment, folder, log: join(folder, "output.log") });
      await vi.waitFor(() => rabbitmq.ping(url), { timeout: 60_000, interval: 100 });
    },
  };
  onTestFinished(async () => {
    await own.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await own.restart();
  return own;
}
