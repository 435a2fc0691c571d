import type { WorkerEvent } from "@flix/encoder";
import { defineCommand } from "../command.ts";
import { CliError } from "../errors.ts";
import { integer, text } from "../kinds.ts";
import { optional } from "../parameters.ts";
import { workFolderOf } from "./ingest/work-folder.ts";

export const worker = defineCommand({
  details:
    "Takes chunks of films from the broker that AMQP_URL names, and leaves them in the store that the ingest named: it needs no keys of its own. Any number may run, on any machines with the ingest's version of ffmpeg; one that is killed leaves nothing that another does not do again. Ctrl-C gives back what it is at.",
  options: {
    slots: optional("count", integer(1, 1024), "How many chunks at once (default: one a core)"),
    workDir: optional(
      "folder",
      text,
      "Where chunks are worked on (FLIX_WORK_DIR; default: ~/.cache/flix/ingest)",
    ),
    name: optional("name", text, "What this machine is called in `flix jobs watch` (default: its host name)"),
  },
  examples: [
    { command: "flix worker", does: "Encode whatever waits on the broker of AMQP_URL, until Ctrl-C" },
    { command: "flix worker --slots 4", does: "No more than four chunks at once" },
  ],
  async run({ slots, workDir, name }, { host, output, signal }) {
    const url = host.env["AMQP_URL"];
    if (!url) {
      throw new CliError("broker_not_valid", {
        message: "AMQP_URL names no broker.",
        fix: "Set it to amqp://user:password@host:5672/vhost; without a broker `flix ingest` encodes on its own machine.",
      });
    }
    const { findPrograms, runWorker, sourceAccess } = await import("@flix/encoder");
    await runWorker({
      url,
      slots,
      machine: name,
      workDir: workFolderOf(workDir, host.env),
      programs: await findPrograms(),
      access: sourceAccess(host.env),
      signal,
      onEvent: (event) => output.event(event, describe(event)),
    });
  },
});

function describe(event: WorkerEvent): string {
  switch (event.event) {
    case "connected":
      return `Waiting for chunks on ${event.queue}, ${event.slots} at once. Ctrl-C ends this.`;
    case "disconnected":
      return `The broker is gone (${event.reason}); connecting again.`;
    case "failed":
      return `slot ${event.slot}: chunk ${event.chunk} failed: ${event.message} [${event.code}]`;
    case "started":
    case "finished":
    case "given_back":
    case "not_wanted":
      return `slot ${event.slot}: chunk ${event.chunk} ${event.event.replace("_", " ")}`;
  }
}
