import type { ObservedPlayerEvent } from "@flix/sdk";
import { defineCommand } from "../../command.ts";
import { id, integer, oneOf } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { printable } from "../../printable.ts";

const types = ["attempt", "start", "heartbeat", "stall", "bitrate", "seek", "error", "exit", "end"] as const;

export const tailPlayerEvents = defineCommand({
  details:
    "Until Ctrl-C; after a break it connects again and gets what it missed. With --json, one event a line.",
  options: {
    title: optional("title-id", id("ttl"), "Only this title's"),
    session: optional("session-id", id("pbs"), "Only this playback session's"),
    device: optional(
      "device",
      oneOf(["web", "tv", "phone", "tablet", "other"]),
      "Only from this kind of device",
    ),
    type: optional("type", oneOf(types), "Only this type"),
    limit: optional("n", integer(1, 1_000_000_000), "End after so many events", { short: "L" }),
  },
  examples: [
    { command: "flix analytics tail", does: "Everything that players report" },
    { command: "flix analytics tail --type error --json | jq .error_code", does: "Errors as they happen" },
  ],
  async run({ title, session, device, type, limit = Infinity }, { connect, output, signal }) {
    const flix = await connect();
    const filters = { title_id: title, session_id: session, device, type };
    output.note("Waiting for events; Ctrl-C ends it.");
    let count = 0;
    for await (const event of flix.tailPlayerEvents(filters, { signal })) {
      output.stream(event, printable(lineOf(event)));
      if (++count >= limit) return;
    }
  },
});

function lineOf(event: ObservedPlayerEvent): string {
  const facts = [
    event.client_ts.slice(11, 19),
    event.type.padEnd("heartbeat".length),
    event.device.padEnd("tablet".length),
    event.title_id,
    event.playhead_seconds !== undefined && `at ${event.playhead_seconds.toFixed(1)} s`,
    event.video_start_time_ms !== undefined && `started in ${event.video_start_time_ms} ms`,
    event.stall_ms && `stalled ${event.stall_ms} ms`,
    event.bitrate_kbps !== undefined && `${event.bitrate_kbps} kbps`,
    event.error_code && `${event.fatal ? "fatal " : ""}${event.error_code}`,
  ];
  return facts.filter(Boolean).join("  ");
}
