import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startDaemon, type Daemon } from "../../../../../../tools/engines/daemon.ts";
import { kafka } from "../../../../../../tools/engines/kafka.ts";
import { programCache } from "../../../../../../tools/engines/run-folder.ts";

/** A broker of the test's own, to be killed and started again on the same port and data. */
export interface OwnKafka {
  broker: string;
  kill(): Promise<void>;
  /** Resolves once it answers. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startOwnKafka(): Promise<OwnKafka> {
  const folder = await mkdtemp(join(tmpdir(), "flix-kafka-"));
  const { command, environment, url } = await kafka.prepare(folder, await kafka.provide(programCache));
  let daemon: Daemon | undefined;
  const start = async () => {
    daemon = await startDaemon(command, { environment, folder, log: join(folder, "output.log") });
    while (!(await answers(url))) await delay(20);
  };
  const kill = async () => {
    if (daemon !== undefined) process.kill(-daemon.pid, "SIGKILL");
    daemon = undefined;
    while (await answers(url)) await delay(20);
  };
  await start();
  return {
    broker: kafka.access(url).brokers,
    kill,
    start,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
    },
  };
}

function answers(url: string): Promise<boolean> {
  return kafka.ping(url).then(
    () => true,
    () => false,
  );
}
