import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../testing/clips.ts";
import { encode } from "./pipeline.ts";

test("after kill -9 in the middle of an encode the next run takes over and leaves nothing but the package", async () => {
  const folder = await temporaryFolder();
  const input = await simpleClip(join(folder, "film.mp4"), { size: "640x360", seconds: 8 });
  const workDir = join(folder, "work");
  const script = join(import.meta.dirname, "../testing/encode-process.ts");
  const child = spawn(process.execPath, ["--conditions=@flix/source", script, input, workDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  for await (const line of createInterface(child.stdout)) if (line === "transcode") break;
  child.kill("SIGKILL");
  await once(child, "close");
  const left = await readdir(workDir);
  expect(left.toSorted()).toEqual([expect.stringMatching(/\.lock$/), expect.stringMatching(/\.tmp$/)]);

  const encoded = await encode({ input, workDir, preset: "slower", programs: await programs() });
  expect(encoded.reused).toBe(false);
  expect(await readdir(workDir)).toEqual([left[0]?.replace(/\.(lock|tmp)$/, "")]);
});
