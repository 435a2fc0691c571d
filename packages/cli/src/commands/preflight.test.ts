import { copyFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFilm } from "../../testing/film.ts";
import { createHome, flix, type Home } from "../../testing/flix.ts";

let home: Home;
let film: string;
beforeAll(async () => {
  home = await createHome();
  film = await makeFilm(home.folder);
});
afterAll(() => home.remove());

const inHome = (name: string) => join(home.folder, name);
const run = (...args: string[]) =>
  flix(["preflight", ...args], { env: { ...home.env, FLIX_WORK_DIR: inHome("work") } });

test("one file is told in full, without a platform", async () => {
  const { exitCode, stdout, stderr } = await run(film);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Master +mov, \d+ KB, 2s$/m);
  expect(stdout).toMatch(/^Audio +aac 1 ch, 44.1 kHz/m);
  expect(stdout).toMatch(/^video-180p +320x180 +h264 +21 +\d+ kb\/s$/m);
  expect(stdout).toMatch(/^Size +about \d+ KB$/m);
  expect(stdout).toMatch(/^Time +about \d+s$/m);
});

test("of several, each has a line, and what is wrong follows with where and how to put it right; exit code 1", async () => {
  await writeFile(inHome("text.mp4"), "Once upon a time\n");
  await copyFile(await makeFilm(home.folder, { seconds: 8, name: "whole.mkv" }), inHome("cut.mkv"));
  await truncate(inHome("cut.mkv"), 60_000);
  const files = [film, inHome("text.mp4"), inHome("cut.mkv")];
  const { exitCode, stdout } = await run(...files);
  expect(exitCode).toBe(1);
  const lines = stdout.split("\n");
  expect(lines[1]).toMatch(/film\.mp4 +h264 320x180 +2s +1 +about \d+ KB +about \d+s +ok, 1 warning$/);
  expect(lines[2]).toMatch(/text\.mp4 +not_media$/);
  expect(lines[3]).toMatch(/cut\.mkv +h264 320x180 +8s +truncated$/);
  expect(stdout).toMatch(/\[truncated at 0:0\d\.\d{3}\]\nnext: {4}Copy the master again/);

  const { exitCode: again, stdout: json } = await run(...files, "--json");
  expect(again).toBe(1);
  expect(JSON.parse(json)).toMatchObject([
    { file: film, ok: true, predicted_bytes: expect.any(Number), predicted_seconds: expect.any(Number) },
    { ok: false, problems: [{ code: "not_media", hint: expect.any(String) }] },
    { ok: false, problems: [{ code: "truncated", at_seconds: expect.any(Number) }] },
  ]);
});

test("the options of an ingest are those of its preflight", async () => {
  await writeFile(inHome("not.vtt"), "Hello");
  const { exitCode, stdout } = await run(film, "--subtitle", `en=${inHome("not.vtt")}`);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("[subtitle_not_valid");
  expect((await run()).exitCode).toBe(2);
  expect((await run(film, film, "--title-id", "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr")).exitCode).toBe(2);
});

test("--ladder takes the fixed one, and rungs from a file; what is wrong with them is told by its rung", async () => {
  const fixed = await run(film, "--ladder", "fixed");
  expect(fixed.stdout).toMatch(/^Ladder +fixed$/m);
  expect(fixed.stdout).not.toContain("analysis_skipped");

  const rungs =
    "- { width: 320, height: 180, maxrate_kbps: 400, crf: 20 }\n- { width: 160, height: 90, maxrate_kbps: ";
  await writeFile(inHome("rungs.yaml"), `${rungs}100 }\n`);
  const own = await run(film, "--ladder", inHome("rungs.yaml"));
  expect(own.stdout).toMatch(/^Ladder +as it was written$/m);
  expect(own.stdout).toMatch(/^video-180p +320x180 +h264 +20 +400 kb\/s$/m);
  expect(own.stdout).toMatch(/^video-90p +160x90 +h264 +21 +100 kb\/s$/m);

  await writeFile(inHome("rising.yaml"), `${rungs}900 }\n`);
  const rising = await run(film, "--ladder", inHome("rising.yaml"));
  expect(rising.exitCode).toBe(1);
  expect(rising.stderr).toContain("Rung 2 has no lower maxrate_kbps than the one above it");
  expect(rising.stderr).toContain("[ladder_not_valid]");
  const absent = await run(film, "--ladder", "pertitle");
  expect(absent.stderr).toContain("Name a file of rungs, or say --ladder fixed or --ladder per-title.");
});

test("--codec adds codecs to H.264, and --hdr says where there is none to keep", async () => {
  const { exitCode, stdout } = await run(film, "--codec", "av1,hevc", "--hdr");
  expect(exitCode).toBe(0);
  const rows = stdout.split("\n").filter((line) => line.startsWith("video-"));
  expect(rows.map((row) => row.split(/ +/).slice(0, 4).join(" "))).toEqual([
    "video-180p 320x180 h264 21",
    "video-hevc-180p 320x180 hevc 24",
    "video-av1-180p 320x180 av1 30",
  ]);
  expect(stdout).toContain("[hdr_not_in_master]");
  const unknown = await run(film, "--codec", "vp9");
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    2,
    expect.stringContaining("--codec must be of h264, hevc, av1"),
  ]);
});

test("--hw says which hardware was tried and what to do where it is absent", async () => {
  const absent = process.platform === "darwin" ? "vaapi" : "videotoolbox";
  const { exitCode, stdout } = await run(film, "--hw", absent);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`does not encode h264 with ${absent}`);
  expect(stdout).toMatch(/\[hardware_not_available\]\nnext: {4}.*--hw/s);
  const auto = await run(film, "--hw", "auto");
  expect(auto.exitCode).toBe(0);
});
