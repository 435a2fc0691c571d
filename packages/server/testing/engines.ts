import { testEvents } from "./events.ts";
import { testJobs } from "./jobs.ts";
import { testSharing } from "./sharing.ts";
import { testStore } from "./store.ts";
import type { TestEngine } from "./test-engine.ts";

/** The engines that the run is about (FLIX_TEST_STORE, FLIX_TEST_SHARING, FLIX_TEST_EVENTS, FLIX_TEST_JOBS); the embedded ones for the others. */
export function testEngines(): TestEngine {
  const engines = [testStore(), testSharing(), testEvents(), testJobs()];
  return {
    environment: Object.assign({}, ...engines.map(({ environment }) => environment)),
    async remove() {
      for (const engine of engines) await engine.remove();
    },
  };
}
