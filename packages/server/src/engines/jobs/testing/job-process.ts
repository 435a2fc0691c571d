import pino from "pino";
import { systemClock } from "../../../kernel/clock.ts";
import { createIds } from "../../../kernel/ids.ts";
import { Jobs } from "../../../kernel/jobs.ts";
import { createUnits } from "../../../kernel/unit.ts";
import { openDatabase } from "../../postgres/index.ts";
import type { BrokerLocation } from "../location.ts";
import { openJobQueue } from "../open-job-queue.ts";

export interface JobProcessOptions {
  connectionString: string;
  broker: BrokerLocation | undefined;
  job: string;
  leaseMs: number;
}

/** A process that dies of its one job, by SIGKILL, as soon as it has begun it. */
const { connectionString, broker, job, leaseMs }: JobProcessOptions = JSON.parse(process.argv[2] ?? "");
const log = pino({ level: "silent" });
const { db: root } = openDatabase<unknown>({ connection: connectionString, poolSize: 4 });
const units = createUnits({ clock: systemClock, ids: createIds(systemClock) });
const queue = await openJobQueue(broker, log);
const jobs = new Jobs({ root, units, queue, log, leaseMs });
jobs.every({ name: job, everyMs: 1, run: () => Promise.resolve(void process.kill(process.pid, "SIGKILL")) });
await queue.start(jobs.names, (name) => jobs.run(name));
jobs.start();
