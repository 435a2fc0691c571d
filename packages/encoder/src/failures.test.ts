import { execFileSync } from "node:child_process";
import { appendFile, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeClip, programs, simpleClip, temporaryFolder, testInputs } from "../testing/clips.ts";
import { requireSpace } from "./plan/estimate.ts";
import { runFfmpeg } from "./programs/ffmpeg.ts";
import { encode } from "./pipeline.ts";
import { planEncode } from "./plan/plan.ts";
import { admit } from "./source/admit.ts";
import { probe } from "./source/probe.ts";

async function filesBelow(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => []);
}

/** Programs of ours whose arguments name this folder. */
function processesIn(folder: string): string[] {
  const list = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  return list.split("\n").filter((line) => line.includes(folder) && /ffmpeg|packager/.test(line));
}

describe("a film whose data is damaged", () => {
  test("is refused as corrupt, and nothing of the run is left", async () => {
    const folder = await temporaryFolder();
    const input = await makeClip(
      join(folder, "film.mp4"),
      testInputs({ seconds: 6 }),
      "-c:v libx264 -c:a aac",
    );
    const bytes = await readFile(input);
    for (let at = Math.round(bytes.length * 0.4); at < bytes.length * 0.6; at += 3)
      bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
    await writeFile(input, bytes);
    const workDir = join(folder, "work");
    await expect(
      encode({ input, workDir, preset: "ultrafast", programs: await programs() }),
    ).rejects.toMatchObject({ code: "corrupt" });
    expect(await filesBelow(workDir)).toEqual([]);
  });

  test("that changes while it is encoded is refused", async () => {
    const folder = await temporaryFolder();
    const input = await simpleClip(join(folder, "film.mp4"), { seconds: 3 });
    const workDir = join(folder, "work");
    let appended: Promise<void> | undefined;
    const run = encode({
      input,
      workDir,
      preset: "ultrafast",
      programs: await programs(),
      onProgress({ stage }) {
        if (stage === "package") appended ??= appendFile(input, "more");
      },
    });
    await expect(run).rejects.toMatchObject({ code: "source_changed" });
    expect(await filesBelow(workDir)).toEqual([]);
  });
});

describe("cancel", () => {
  test("ends ffmpeg and leaves nothing but finished chunks", async () => {
    const folder = await temporaryFolder();
    const input = await simpleClip(join(folder, "film.mp4"), { size: "1280x720", seconds: 20 });
    const workDir = join(folder, "work");
    const controller = new AbortController();
    let running: string[] = [];
    const run = encode({
      input,
      workDir,
      preset: "slower",
      programs: await programs(),
      signal: controller.signal,
      onProgress({ stage, stageFraction }) {
        // ffmpeg reports once more on its way out.
        if (stage !== "transcode" || stageFraction === 0 || controller.signal.aborted) return;
        running = processesIn(folder);
        controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(running.length).toBeGreaterThan(0);
    expect(processesIn(folder)).toEqual([]);
    const finished = /^chunks(\/[0-9a-f]{64}(\/[^/]+)?)?$/;
    expect((await filesBelow(workDir)).filter((path) => !finished.test(path))).toEqual([]);
  });

  test("before the start starts nothing", async () => {
    const folder = await temporaryFolder();
    const input = await simpleClip(join(folder, "film.mp4"));
    const run = encode({
      input,
      workDir: join(folder, "work"),
      programs: await programs(),
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
  });

  test("a program that does not listen to SIGTERM is killed with its children", async () => {
    const folder = await temporaryFolder();
    const stubborn = join(folder, "ffmpeg");
    await writeFile(
      stubborn,
      `#!/bin/sh\ntrap '' TERM\ncase "$*" in *-progress*) ;; *) exit 0 ;; esac\necho frame=1\necho progress=continue\nsleep 61 & wait\nsleep 61\n`,
      { mode: 0o755 },
    );
    const controller = new AbortController();
    const job = {
      program: stubborn,
      folder,
      input: { path: "x", options: [] },
      outputs: [{ path: "y", options: ["-c", "copy"] }],
    };
    const run = runFfmpeg(job, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(processesIn(folder)).toEqual([]);
  });

  test("a program that makes no progress is ended as stalled", async () => {
    const folder = await temporaryFolder();
    const silent = join(folder, "ffmpeg");
    await writeFile(silent, `#!/bin/sh\ncase "$*" in *-progress*) exec sleep 61 ;; esac\n`, { mode: 0o755 });
    const job = {
      program: silent,
      folder,
      input: { path: "x", options: [] },
      outputs: [{ path: "y", options: ["-c", "copy"] }],
    };
    await expect(runFfmpeg(job, { stallMs: 200 })).rejects.toMatchObject({ code: "stalled" });
  });
});

describe("a full disk is no_space", () => {
  test("where ffmpeg writes", async () => {
    const folder = await temporaryFolder();
    await symlink("/dev/full", join(folder, "out.mp4"));
    const input = await simpleClip(join(folder, "in.mp4"), { seconds: 4 });
    const job = {
      program: (await programs()).ffmpeg.path,
      folder,
      input: { path: `file:${input}`, options: [] },
      outputs: [{ path: "out.mp4", options: ["-c", "copy", "-f", "mpegts"] }],
    };
    await expect(runFfmpeg(job)).rejects.toMatchObject({ code: "no_space" });
  });

  test("before the start, when the prediction does not fit", async () => {
    const folder = await temporaryFolder();
    const ffprobe = (await programs()).ffprobe.path;
    const source = await admit(ffprobe, await probe(ffprobe, await simpleClip(join(folder, "in.mp4"))));
    const { plan } = planEncode(source, { subtitles: [], audioFiles: [] });
    await expect(requireSpace(folder, plan)).resolves.toBeUndefined();
    const endless = { ...plan, expectedFrames: 1e13 };
    await expect(requireSpace(folder, endless)).rejects.toMatchObject({
      code: "no_space",
      message: expect.stringContaining("needed"),
    });
  });
});
