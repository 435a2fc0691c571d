import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { confine, probeConfinement } from "./confine.ts";

const confineScript = (script: string) =>
  confine({ program: process.execPath, args: ["--eval", script] }, { memoryBytes: 4 * 1024 ** 3 });
/** Elsewhere programs run as they are. */
const isConfined = confineScript("").program !== process.execPath;

test.runIf(isConfined)("a program that reads foreign bytes reaches no network", async () => {
  let visits = 0;
  const canary = createServer(() => (visits += 1)).listen(0, "127.0.0.1");
  onTestFinished(() => void canary.close());
  await once(canary, "listening");
  const port = Number(Reflect.get(Object(canary.address()), "port"));
  const script = `require("net").connect(${port}, "127.0.0.1").on("error", ({ code }) => console.log(code)).on("connect", () => process.exit())`;
  const { program, args } = confineScript(script);
  const { stdout } = await promisify(execFile)(program, args);
  expect(stdout.trim()).toMatch(/^E(NETUNREACH|CONNREFUSED)$/);
  expect(visits).toBe(0);
});

test.runIf(isConfined)("it dies with who started it, even by kill -9", async () => {
  const { program, args } = confineScript("console.log(process.pid); setInterval(() => {}, 1000)");
  const starter = `const { spawn } = require("child_process");
    spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: ["ignore", "inherit", "inherit"], detached: true });
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--eval", starter], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [said] = await once(parent.stdout, "data");
  const pid = Number(String(said));
  expect(await isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test.runIf(isConfined)("it gets no more memory than it is given", async () => {
  const { program, args } = confine(
    { program: "/bin/sh", args: ["-c", "ulimit -d"] },
    { memoryBytes: probeConfinement.memoryBytes },
  );
  const { stdout } = await promisify(execFile)(program, args);
  expect(Number(stdout) * 1024).toBe(probeConfinement.memoryBytes);
});

/** What is dead and not yet collected by its new parent is dead. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}
