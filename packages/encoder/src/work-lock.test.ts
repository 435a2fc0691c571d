import { execFileSync } from "node:child_process";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/clips.ts";
import { acquireLock } from "./work-lock.ts";

const inUse = { code: "work_in_use" };

async function lockPath(): Promise<string> {
  return join(await temporaryFolder(), "key.lock");
}

/** The pid of a process that has ended. */
function deadPid(): number {
  return Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
}

test("one owner at a time, and the next one once it lets go", async () => {
  const path = await lockPath();
  const release = await acquireLock(path);
  await expect(acquireLock(path)).rejects.toMatchObject(inUse);
  await release();
  await (
    await acquireLock(path)
  )();
});

test("of many at once, one gets it", async () => {
  const path = await lockPath();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

describe("the lock of an owner that died is taken over", () => {
  test.each([
    ["a process that is gone", () => JSON.stringify({ pid: deadPid(), host: hostname(), started: 1 })],
    [
      "a pid that was given out again",
      () => JSON.stringify({ pid: process.pid, host: hostname(), started: 1 }),
    ],
    ["half a line", () => '{"pid":'],
  ])("%s", async (_, content) => {
    const path = await lockPath();
    await writeFile(path, content());
    const release = await acquireLock(path);
    await release();
    expect(await readdir(join(path, ".."))).toEqual([]);
  });

  test("and by one of many only", async () => {
    const path = await lockPath();
    await writeFile(path, JSON.stringify({ pid: deadPid(), host: hostname(), started: 1 }));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("a lock that may have an owner is left alone", () => {
  test("of another machine", async () => {
    const path = await lockPath();
    await writeFile(path, JSON.stringify({ pid: 1, host: "another.example", started: 1 }));
    await expect(acquireLock(path)).rejects.toMatchObject(inUse);
  });

  test("that is being written, until it is old", async () => {
    const path = await lockPath();
    await writeFile(path, "");
    await expect(acquireLock(path)).rejects.toMatchObject(inUse);
    await utimes(path, 0, 0);
    await (
      await acquireLock(path)
    )();
  });
});
