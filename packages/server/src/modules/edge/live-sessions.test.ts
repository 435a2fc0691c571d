import { expect, it, vi } from "vitest";
import { redis } from "../../../../../tools/engines/redis.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { holdClock } from "../../../testing/platform.ts";
import { openLink, startOwnRedis } from "../../engines/redis/testing/own-redis.ts";
import { shareValues } from "../../engines/redis/shared-values.ts";
import { rememberStreaming } from "./live-sessions.ts";

it("asks once in 10 s whether a session lives", async () => {
  const clock = holdClock();
  const ask = vi.fn(async () => true);
  const isStreaming = rememberStreaming(ask, clock);
  for (const elapsedMs of [0, 9_999]) {
    clock.advance(elapsedMs);
    expect(await isStreaming("pbs_1")).toBe(true);
  }
  expect(ask).toHaveBeenCalledTimes(1);
  clock.advance(1);
  await isStreaming("pbs_1");
  expect(ask).toHaveBeenCalledTimes(2);
});

describeWith(redis, "processes that share what they know of sessions", ({ url }) => {
  it("ask once for all of them, and know nothing for longer than 10 s after", async () => {
    const clock = holdClock();
    const link = await openLink(url);
    const asks = [vi.fn(async () => true), vi.fn(async () => false)];
    const [one, other] = asks.map((ask) => rememberStreaming(ask, clock, shareValues(link, "streaming")));
    expect(await one?.("pbs_1")).toBe(true);
    // Six of the ten seconds have passed in Redis.
    const [key] = await keysOf();
    await link.command(["PEXPIRE", key ?? "", "4000"]);
    expect(await other?.("pbs_1")).toBe(true);
    expect(asks[1]).not.toHaveBeenCalled();
    await link.command(["DEL", key ?? ""]);
    clock.advance(4_000);
    expect(await other?.("pbs_1")).toBe(false);
    expect(await one?.("pbs_1")).toBe(true);

    async function keysOf(): Promise<Buffer[]> {
      const keys = await link.command(["KEYS", link.key("*")]);
      return Array.isArray(keys) ? keys.filter((name) => Buffer.isBuffer(name)) : [];
    }
  });

  it("ask PostgreSQL while Redis is gone", async () => {
    const server = await startOwnRedis();
    const link = await openLink(server.url);
    const ask = vi.fn(async () => true);
    const clock = holdClock();
    const processes = [0, 1].map(() => rememberStreaming(ask, clock, shareValues(link, "streaming")));
    await server.kill();
    for (const isStreaming of processes) expect(await isStreaming("pbs_1")).toBe(true);
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
