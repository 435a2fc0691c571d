import { findPrograms } from "../src/programs/programs.ts";
import { sourceAccess } from "../src/source/remote/source-access.ts";
import { runWorker } from "../src/workers/worker.ts";

/** A worker as a process of its own, for tests that kill one: `worker-process.ts <broker> <work folder> <name>`. A line says each event. */
const [url = "", workDir = "", machine = ""] = process.argv.slice(2);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
await runWorker({
  url,
  workDir,
  machine,
  slots: 1,
  programs: await findPrograms(),
  access: sourceAccess(),
  signal: stop.signal,
  onEvent: (event) => console.log("chunk" in event ? `${event.event} ${event.chunk}` : event.event),
});
