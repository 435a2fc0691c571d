import { readdir, rename, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../testing/clips.ts";
import { isComplete, startPlatform, type TestPlatform } from "../testing/platform-server.ts";
import { ingest, type IngestOptions } from "./pipeline.ts";

async function prepareIngest(): Promise<{ platform: TestPlatform; options: IngestOptions; folder: string }> {
  const folder = await temporaryFolder();
  const input = await simpleClip(join(folder, "film.mp4"), { size: "640x360", seconds: 5 });
  const platform = await startPlatform();
  const options: IngestOptions = {
    input,
    workDir: join(folder, "work"),
    language: "en",
    preset: "ultrafast",
    programs: await programs(),
    client: platform.client,
    titleId: "ttl_1",
  };
  return { platform, options, folder };
}

test("an ingest uploads every file, completes, sets the artwork that is missing, activates last, and leaves nothing", async () => {
  const { platform, options } = await prepareIngest();
  const published = await ingest(options);
  expect(published).toMatchObject({
    packageId: expect.stringMatching(/^pkg_/),
    jobId: expect.stringMatching(/^job_/),
    reused: false,
  });
  expect(isComplete(platform)).toBe(true);
  expect(platform.files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["master.m3u8", "manifest.mpd", "package.json", "poster.jpg"]),
  );
  const work = platform.calls
    .filter((call) => /assets|packages|artwork/.test(call))
    .map((call) => call.replace(/pkg_\w+/, "id"));
  expect(work).toEqual([
    "GET /v1/titles/ttl_1/packages",
    "POST /v1/titles/ttl_1/assets",
    "POST /v1/titles/ttl_1/packages",
    "GET /v1/packages/id/uploads",
    "POST /v1/packages/id/upload-grants",
    "GET /v1/packages/id/uploads",
    "POST /v1/packages/id/complete",
    "PUT /v1/titles/ttl_1/artwork/poster",
    "POST /v1/packages/id/activate",
  ]);
  expect(await readdir(options.workDir)).toEqual([]);
  expect(platform.reports.at(-1)?.text("state")).toBe("succeeded");
  const progress = platform.reports.map((report) => report.number("progress") ?? 1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
});

test("what the title plays already is not encoded again, unless that is asked for or a setting differs", async () => {
  const { platform, options } = await prepareIngest();
  await ingest(options);
  expect(platform.encodeKey).toMatch(/^[0-9a-f]{64}$/);
  const before = platform.calls.length;
  const moved = join(options.workDir, "moved.mp4");
  await rename(options.input, moved);
  const again = await ingest({ ...options, input: moved });
  expect(again).toMatchObject({ unchanged: true, current: { encode_key: platform.encodeKey } });
  expect(platform.calls.slice(before)).toEqual(["GET /v1/titles/ttl_1/packages"]);

  const stages: string[] = [];
  const changed = { ...options, input: moved, preset: "superfast" } as const;
  const other = await ingest({ ...changed, onProgress: ({ stage }) => stages.push(stage) });
  expect(other).toMatchObject({ unchanged: false });
  expect(new Set(stages).size).toBe(9);
  expect(stages.lastIndexOf("plan")).toBeLessThan(stages.indexOf("transcode"));
  expect(await ingest({ ...changed, force: true })).toMatchObject({ unchanged: false });
});

test("markers are set when the film is there, not over an operator's own, and for a film that is encoded already too", async () => {
  const { platform, options } = await prepareIngest();
  const own = { kind: "credits", start_seconds: 4, source: "operator" };
  platform.markers = [own];
  platform.markersRacedFor = 1;
  const markers = [
    { kind: "credits", start: "3" },
    { kind: "intro", start: "00:00:01:12", end: "2.5" },
  ];
  const published = await ingest({ ...options, markers });
  const intro = { kind: "intro", start_seconds: 1.5, end_seconds: 2.5, source: "ingest" };
  expect(platform.markers).toEqual([intro, own]);
  expect(published.markers).toHaveLength(2);
  const ofMarkers = platform.calls.slice(platform.calls.findIndex((call) => call.endsWith("/activate")) + 1);
  expect(ofMarkers.filter((call) => call.endsWith("/markers")).map((call) => call.slice(0, 3))).toEqual([
    "GET",
    "PUT",
    "GET",
    "PUT",
  ]);
  const later = [{ kind: "intro", start: "0.5", end: "2.5" }];
  expect(await ingest({ ...options, markers: later })).toMatchObject({ unchanged: true });
  expect(platform.markers).toEqual([{ ...intro, start_seconds: 0.5 }, own]);
});

test("when the platform goes away the package is kept, and the same call goes on where it broke", async () => {
  const { platform, options } = await prepareIngest();
  platform.failAfterParts = 5;
  await expect(ingest(options)).rejects.toMatchObject({
    code: "upload_failed",
    hint: expect.stringContaining("again"),
  });
  expect(platform.activated).toBe(false);
  expect(platform.partsReceived).toBe(5);
  expect(platform.reports.at(-1)?.object("failure").text("code")).toBe("upload_failed");

  platform.failAfterParts = Number.POSITIVE_INFINITY;
  const stages = new Set<string>();
  const published = await ingest({ ...options, onProgress: ({ stage }) => stages.add(stage) });
  expect(published).toMatchObject({ reused: true });
  expect([...stages]).toEqual(["probe", "admit", "plan", "upload", "publish"]);
  const allParts = platform.files.reduce((sum, { parts }) => sum + parts.size, 0);
  expect(platform.partsReceived).toBe(allParts);
  expect(isComplete(platform)).toBe(true);
  expect(await readdir(options.workDir)).toEqual([]);
});

test("a kept package that was damaged is encoded again", async () => {
  const { platform, options } = await prepareIngest();
  platform.failAfterParts = 0;
  await expect(ingest(options)).rejects.toMatchObject({ code: "upload_failed" });
  const [key = ""] = await readdir(options.workDir);
  await truncate(join(options.workDir, key, "video-360p/1.m4s"), 100);
  platform.files = [];
  platform.failAfterParts = Number.POSITIVE_INFINITY;
  expect(await ingest(options)).toMatchObject({ reused: false });
});

test("a cancel on the platform ends the encode and is reported", async () => {
  const { platform, options } = await prepareIngest();
  platform.cancelRequested = true;
  await expect(ingest(options)).rejects.toMatchObject({ code: "cancelled" });
  expect(platform.reports.at(-1)?.text("state")).toBe("canceled");
  expect(platform.activated).toBe(false);
  expect(await readdir(options.workDir).catch(() => [])).toEqual([]);
});

test("a file that is no film is reported with its code, and nothing is uploaded", async () => {
  const { platform, options, folder } = await prepareIngest();
  await expect(ingest({ ...options, input: folder })).rejects.toMatchObject({ code: "not_a_file" });
  expect(platform.reports.at(-1)?.object("failure").text("code")).toBe("not_a_file");
  expect(platform.calls.filter((call) => call.startsWith("POST /v1/titles"))).toEqual([]);
});
