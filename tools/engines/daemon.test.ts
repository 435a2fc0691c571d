import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isAlive, startDaemon, stopDaemon } from "./daemon.ts";

async function start(script: string) {
  const folder = await mkdtemp(join(tmpdir(), "flix-daemon-"));
  const log = join(folder, "log");
  const daemon = await startDaemon(["/bin/sh", "-c", script], { environment: {}, folder, log });
  onTestFinished(async () => {
    await stopDaemon(daemon);
    await rm(folder, { recursive: true });
  });
  return { daemon, said: () => readFile(log, "utf8") };
}

const isThere = (pid: number) => isAlive({ pid, startTicks: undefined });

test("a daemon that refuses to end on request is ended", async () => {
  const { daemon, said } = await start("trap '' TERM; echo ready; while :; do sleep 1; done");
  await vi.waitFor(async () => expect(await said()).toBe("ready\n"));
  expect(isAlive(daemon)).toBe(true);
  await stopDaemon(daemon, 200);
  expect(isAlive(daemon)).toBe(false);
});

test("what a daemon left behind when it died ends with its group", async () => {
  const { daemon, said } = await start("sleep 600 & echo $!");
  await vi.waitFor(() => expect(isAlive(daemon)).toBe(false));
  const left = Number(await said());
  expect(isThere(left)).toBe(true);
  await stopDaemon(daemon);
  await vi.waitFor(async () => expect(await stateOf(left)).toMatch(/^(gone|Z)$/));
});

test("another process of the same id is not taken for the daemon, and not ended", async () => {
  const { daemon } = await start("sleep 600");
  const earlier = { pid: daemon.pid, startTicks: "1" };
  expect(isAlive(earlier)).toBe(false);
  await stopDaemon(earlier);
  expect(isAlive(daemon)).toBe(true);
});

async function stateOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "(x) gone");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ", 1)[0] ?? "";
}
