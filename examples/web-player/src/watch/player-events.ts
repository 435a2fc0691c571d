import type { PlayerEventFacts } from "@flix/sdk";
import type { EngineError, Rendition } from "./engine.ts";
import { createMeter, type Phase } from "./meter.ts";

export interface PlayerEvents {
  /** What the video element says, by its event's name. */
  notice(event: MediaEvent, state: { paused: boolean; ready: boolean }): void;
  /** The viewer's intent, again: playback waited for a click. */
  intend(): void;
  firstFrame(): void;
  heartbeat(): void;
  rendition(rendition: Rendition): void;
  seek(toSeconds: number): void;
  error(error: EngineError): void;
  /** The viewer leaves; after the end or a fatal error there is nothing to leave any more. */
  leave(): void;
}

export type MediaEvent = "playing" | "waiting" | "pause" | "seeking" | "seeked" | "ended";

interface Options {
  record: (facts: PlayerEventFacts) => void;
  /** Monotonic, in milliseconds. */
  now: () => number;
  /** When the viewer asked to play. */
  intentMs: number;
  position: () => number;
}

/** Turns what happens in a player into the contract's events. Knows no browser: a test holds its clock. */
export function createPlayerEvents({ record, now, intentMs, position }: Options): PlayerEvents {
  const meter = createMeter(now);
  let intent = intentMs;
  let started = false;
  let concluded = false;
  let current: Rendition | undefined;
  const place = () => ({ playhead_seconds: Math.max(0, position()), ...picture(current) });
  record({ type: "attempt" });
  return {
    notice(event, state) {
      const before = meter.phase;
      const phase = nextPhase(before, event, state);
      if (phase === before) return;
      meter.to(phase);
      if (phase === "playing") concluded = false;
      if (before === "stalled" && phase === "playing") record({ type: "stall", ...place(), ...meter.take() });
      if (phase === "ended") {
        concluded = true;
        record({ type: "end", ...place(), ...meter.take() });
      }
    },
    intend() {
      if (!started) intent = now();
    },
    firstFrame() {
      if (started) return;
      started = true;
      record({ type: "start", ...place(), video_start_time_ms: Math.max(0, Math.round(now() - intent)) });
    },
    heartbeat() {
      if (started && !concluded) record({ type: "heartbeat", ...place(), ...meter.take() });
    },
    rendition(next) {
      if (next.height === current?.height && next.bitrateKbps === current.bitrateKbps) return;
      current = next;
      // The first one is told by `start`.
      if (started) record({ type: "bitrate", ...place() });
    },
    seek(toSeconds) {
      if (started) record({ type: "seek", ...place(), playhead_seconds: Math.max(0, toSeconds) });
    },
    error({ code, message, fatal }) {
      if (fatal) concluded = true;
      const words = { error_code: code.slice(0, 100), error_message: message.slice(0, 1000) };
      record({ type: "error", ...place(), ...meter.take(), ...words, fatal });
    },
    leave() {
      if (concluded) return;
      concluded = true;
      record({ type: "exit", ...place(), ...meter.take() });
    },
  };
}

/** Waiting after a seek is part of the seek, waiting before the first frame part of the start; neither is a stall. */
function nextPhase(
  phase: Phase,
  event: MediaEvent,
  { paused, ready }: { paused: boolean; ready: boolean },
): Phase {
  switch (event) {
    case "playing":
      return paused ? phase : "playing";
    case "waiting":
      return phase === "playing" ? "stalled" : phase;
    case "pause":
      return phase === "starting" || phase === "seeking" || phase === "ended" ? phase : "paused";
    case "seeking":
      return phase === "starting" ? phase : "seeking";
    case "seeked":
      if (phase !== "seeking") return phase;
      if (paused) return "paused";
      return ready ? "playing" : phase;
    case "ended":
      return "ended";
    default:
      return event satisfies never;
  }
}

function picture(rendition: Rendition | undefined): Pick<PlayerEventFacts, "bitrate_kbps" | "height"> {
  if (!rendition) return {};
  const { bitrateKbps, height } = rendition;
  return { bitrate_kbps: bitrateKbps, ...(height > 0 && { height }) };
}
