import type { PlayerEventFacts } from "@flix/sdk";
import { beforeEach, expect, test } from "vitest";
import { EngineError } from "./engine.ts";
import { createPlayerEvents, type MediaEvent, type PlayerEvents } from "./player-events.ts";

let time: number;
let playhead: number;
let recorded: PlayerEventFacts[];
let events: PlayerEvents;

beforeEach(() => {
  time = 10_000;
  playhead = 0;
  recorded = [];
  events = createPlayerEvents({
    record: (facts) => recorded.push(facts),
    now: () => time,
    intentMs: 9_500,
    position: () => playhead,
  });
});

const notice = (event: MediaEvent, state = { paused: false, ready: true }) => events.notice(event, state);
const advance = (ms: number) => {
  time += ms;
};
const types = () => recorded.map(({ type }) => type);

function start(): void {
  advance(300);
  notice("playing");
  events.firstFrame();
  recorded.length = 0;
}

test("The start tells the time from the viewer's intent to the first frame, once", () => {
  events.rendition({ height: 720, bitrateKbps: 1_500 });
  advance(340.4);
  notice("playing");
  events.firstFrame();
  events.firstFrame();
  expect(recorded).toEqual([
    { type: "attempt" },
    { type: "start", playhead_seconds: 0, video_start_time_ms: 840, bitrate_kbps: 1_500, height: 720 },
  ]);
});

test("A start that had to wait for a click counts from the click", () => {
  advance(60_000);
  events.intend();
  advance(120);
  events.firstFrame();
  expect(recorded[1]).toMatchObject({ type: "start", video_start_time_ms: 120 });
});

test("Heartbeats and stalls carry the time since the event before, so that a session sums up", () => {
  start();
  advance(8_000);
  notice("waiting");
  advance(450);
  notice("playing");
  advance(21_550);
  events.heartbeat();
  expect(recorded).toMatchObject([
    { type: "stall", play_ms: 8_000, stall_ms: 450 },
    { type: "heartbeat", play_ms: 21_550, stall_ms: 0 },
  ]);
});

test("Waiting for the first frame and after a seek is no stall", () => {
  notice("waiting");
  advance(500);
  start();
  advance(1_000);
  events.seek(42);
  notice("seeking");
  notice("waiting");
  advance(3_000);
  notice("seeked", { paused: false, ready: false });
  advance(500);
  notice("playing");
  advance(2_000);
  events.leave();
  expect(recorded).toMatchObject([
    { type: "seek", playhead_seconds: 42 },
    { type: "exit", play_ms: 3_000, stall_ms: 0 },
  ]);
});

test("A pause is neither played nor stalled, and a seek in it stays a pause", () => {
  start();
  advance(1_000);
  notice("pause", { paused: true, ready: true });
  advance(100_000);
  notice("seeking", { paused: true, ready: true });
  advance(400);
  notice("seeked", { paused: true, ready: true });
  advance(100_000);
  events.leave();
  expect(recorded).toMatchObject([{ type: "exit", play_ms: 1_000, stall_ms: 0 }]);
});

test("Another rendition is told with its bit rate and height, the same one again is not", () => {
  events.rendition({ height: 360, bitrateKbps: 700 });
  start();
  events.rendition({ height: 360, bitrateKbps: 700 });
  events.rendition({ height: 1080, bitrateKbps: 5_500 });
  expect(recorded).toEqual([{ type: "bitrate", playhead_seconds: 0, bitrate_kbps: 5_500, height: 1080 }]);
});

test("After the end nobody leaves; who watches again does", () => {
  start();
  advance(30_000);
  playhead = 30;
  notice("ended", { paused: true, ready: true });
  events.heartbeat();
  events.leave();
  expect(types()).toEqual(["end"]);
  notice("seeking");
  notice("playing");
  advance(2_000);
  events.leave();
  expect(recorded[1]).toMatchObject({ type: "exit", play_ms: 2_000 });
});

test("A fatal error is the last word, one that is not goes on", () => {
  start();
  events.error(new EngineError("shaka-1002", "A segment was late", { fatal: false }));
  events.error(new EngineError("shaka-1001", "x".repeat(2_000), { fatal: true, httpStatus: 500 }));
  events.leave();
  expect(types()).toEqual(["error", "error"]);
  expect(recorded).toMatchObject([{ fatal: false }, { error_code: "shaka-1001", fatal: true }]);
  expect(recorded[1]?.error_message).toHaveLength(1_000);
});

test("Who leaves before the first frame leaves an exit without playing time", () => {
  advance(4_000);
  events.leave();
  events.leave();
  expect(recorded).toMatchObject([{ type: "attempt" }, { type: "exit", play_ms: 0, stall_ms: 0 }]);
});
