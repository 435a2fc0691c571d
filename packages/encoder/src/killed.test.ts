import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, watch } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../testing/clips.ts";
import { encode } from "./pipeline.ts";

test("after kill -9 the next run goes on with the finished chunks, and the package is what it would have been", async () => {
  const folder = await temporaryFolder();
  // Long enough for three chunks.
  const input = await simpleClip(join(folder, "film.mp4"), { size: "192x108", seconds: 37 });
  const workDir = join(folder, "work");
  await mkdir(join(workDir, "chunks"), { recursive: true });
  const script = join(import.meta.dirname, "../testing/encode-process.ts");
  const child = spawn(process.execPath, ["--conditions=@flix/source", script, input, workDir], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const finished = /^[0-9a-f]{64}$/;
  for await (const { filename } of watch(join(workDir, "chunks"))) if (finished.test(filename ?? "")) break;
  child.kill("SIGKILL");
  await once(child, "close");
  const kept = (await readdir(join(workDir, "chunks"))).filter((name) => finished.test(name));

  const options = { input, preset: "slower", programs: await programs() } as const;
  const resumed = await encode({ ...options, workDir });
  const reused = resumed.report.chunks.filter((chunk) => chunk.reused).map(({ key }) => key);
  expect(resumed.report.chunks).toHaveLength(3);
  expect(reused).toEqual(kept);
  expect(await readdir(workDir)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);

  const undisturbed = await encode({ ...options, workDir: join(folder, "other") });
  expect(undisturbed.report.mediaDigest).toBe(resumed.report.mediaDigest);
});
