import { describe, expect, it } from "vitest";
import { isLive, requireStream } from "./streams.ts";

const now = new Date("2026-11-22T12:00:00.000Z");
const heardSecondsAgo = (seconds: number) => ({
  last_heartbeat_at: new Date(now.getTime() - seconds * 1000),
  ended_at: null,
});

describe("a live session", () => {
  it("outlives two lost heartbeats, not three", () => {
    expect(isLive(heardSecondsAgo(89.999), now)).toBe(true);
    expect(isLive(heardSecondsAgo(90), now)).toBe(false);
  });

  it("does not come back once it has ended", () => {
    expect(isLive({ ...heardSecondsAgo(0), ended_at: now }, now)).toBe(false);
  });
});

describe("the plan's streams", () => {
  const television = { device_name: "Living room", device_kind: "tv" };
  const nameless = { device_name: null, device_kind: "phone" };

  it("are refused one beyond the limit, naming who plays", () => {
    expect(() => requireStream([television], 2)).not.toThrow();
    expect(() => requireStream([television, nameless], 2)).toThrow(
      "The plan plays on 2 devices at a time; now playing: Living room, a phone device.",
    );
  });
});
