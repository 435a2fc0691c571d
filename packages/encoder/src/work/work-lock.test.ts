import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../testing/clips.ts";
import { acquireLock } from "./work-lock.ts";

const inUse = { code: "work_in_use" };

async function lockPath(): Promise<string> {
  return join(await temporaryFolder(), "key.lock");
}

/** Another process that takes the lock, says how that went and keeps nothing but the lock, whatever is collected; it holds on until it is killed. */
async function startRival(path: string) {
  const program = `import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, "work-lock.ts"))};
    await acquireLock(${JSON.stringify(path)}).then(() => (gc(), setTimeout(() => (gc(), console.log("held")), 20)), ({ code }) => console.log(code));
    setInterval(() => {}, 1000);`;
  const args = [
    "--conditions=@flix/source",
    "--no-warnings",
    "--expose-gc",
    "--input-type=module",
    "--eval",
    program,
  ];
  const rival = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(rival, "exit");
  const kill = async () => {
    rival.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  const [said] = await once(rival.stdout, "data");
  return { said: String(said).trim(), kill };
}

test("one owner at a time, and the next one once it lets go; nothing stays behind", async () => {
  const path = await lockPath();
  const release = await acquireLock(path);
  await expect(acquireLock(path)).rejects.toMatchObject(inUse);
  await release();
  const again = await acquireLock(path);
  await again();
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("of many at once, one gets it", async () => {
  const path = await lockPath();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(path)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("other processes are kept off, until the owner is killed", async () => {
  const path = await lockPath();
  await writeFile(path, "");
  const rivals = await Promise.all([startRival(path), startRival(path), startRival(path)]);
  expect(rivals.map(({ said }) => said).toSorted()).toEqual(["held", "work_in_use", "work_in_use"]);
  await expect(acquireLock(path)).rejects.toMatchObject(inUse);
  await Promise.all(rivals.map((rival) => rival.kill()));
  const release = await acquireLock(path);
  await release();
});
