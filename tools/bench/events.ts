import { findAccess, whyMissing } from "../engines/find-access.ts";
import { kafka } from "../engines/kafka.ts";
import { postgres } from "../engines/postgres.ts";
import { type Bench, BenchMissing } from "./bench.ts";
import { eventsTogether } from "./events-batches.ts";
import { measureKafka } from "./events-in-kafka.ts";
import { measureTable } from "./events-in-table.ts";
import { together } from "./events-rounds.ts";
import { openStage } from "./events-stage.ts";

export const events: Bench = {
  question: `How many player events are accepted and durable, in batches of ${eventsTogether} from ${together} clients at once?`,
  async run() {
    const [database, broker] = [findAccess(postgres), findAccess(kafka)];
    if (!database) throw new BenchMissing(`it ${whyMissing(postgres)}`);
    if (!broker) throw new BenchMissing(`it ${whyMissing(kafka)}`);
    const stage = await openStage(database.url);
    try {
      return [...(await measureTable(stage)), ...(await measureKafka(stage, broker.brokers))];
    } finally {
      await stage.close();
    }
  },
};
