import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { presets } from "@flix/encoder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBreakingProxy } from "../../../testing/breaking-proxy.ts";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { linesOf } from "../../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

let platform: RunningPlatform;
let film: string;
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder);
});
afterAll(() => platform.stop());

const inFolder = (name: string) => join(platform.folder, name);
const titles = () => platform.json(["titles", "list", "--all"]);

describe("what cannot be ingested as it is given is told before anything reaches the platform", () => {
  test("a subtitle file that is none", async () => {
    await writeFile(inFolder("not.vtt"), "Hello");
    const args = ["ingest", film, "--title", "Bad", "--subtitle", `en=${inFolder("not.vtt")}`, "--json"];
    const { exitCode, stderr } = await platform.run(args);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: "subtitle_not_valid" });
  });

  test("both a new title and an existing one, or facts for an existing one, are wrong usage", async () => {
    const id = "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr";
    expect((await platform.run(["ingest", film, "--title", "X", "--title-id", id])).exitCode).toBe(2);
    const { exitCode, stderr } = await platform.run(["ingest", film, "--title-id", id, "--year", "2008"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`flix titles update ${id}`);
  });
});

describe("a film", () => {
  test("--dry-run says what would be done, and does nothing", async () => {
    const before = await titles();
    const { exitCode, stdout, stderr } = await platform.run(["ingest", film, "--title", "Dry", "--dry-run"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Video +h264 320x180, 24 frames a second/m);
    expect(stdout).toMatch(/^video-180p +320x180 +h264 +21 +\d+ kb\/s$/m);
    expect(stdout).toMatch(/^Time +about \d+s$/m);
    expect(stderr).toContain("nothing was changed");
    expect(await titles()).toEqual(before);
  });

  test("is published with its sound and subtitles; --json gives events on stderr and one object on stdout", async () => {
    await writeFile(inFolder("en.vtt"), "WEBVTT\n\n00:00.200 --> 00:01.500\nHello\n");
    const vtt = inFolder("en.vtt");
    const text = ["--subtitle", `en=${vtt}`, "--subtitle", `en:forced=${vtt}`];
    const sound = ["--audio", `fr:commentary=${film}`, "--loudness", "-27"];
    const extras = ["--year", "2026", ...text, ...sound];
    const args = ["ingest", film, "--title", "Colours", ...extras, "--publish", "--json"];
    const { exitCode, stdout, stderr } = await platform.run(args);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      title: { state: "published", playable: true, release_year: 2026 },
      reused: false,
      predicted_seconds: expect.any(Number),
      took_seconds: expect.any(Number),
    });
    const events = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const stages = events.map(({ stage }) => stage);
    expect([...new Set(stages)]).toEqual([
      "probe",
      "admit",
      "plan",
      "transcode",
      "measure",
      "package",
      "verify",
      "upload",
      "publish",
    ]);
    const progress = events.map((event) => event.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const packages = await platform.json([
      "api",
      "getPackage",
      "-f",
      `package_id=${textAt(result, "package_id")}`,
    ]);
    expect(packages).toMatchObject({
      current: true,
      renditions: expect.arrayContaining([
        expect.objectContaining({ id: "audio-fr-commentary", language: "fr", role: "commentary" }),
        expect.objectContaining({ id: "text-en", type: "text", language: "en", role: "main" }),
        expect.objectContaining({ id: "text-en-forced", role: "forced" }),
      ]),
    });
  });

  test("ingested again by the same command is left as it is; --force or another --preset encodes it for the same title", async () => {
    const args = ["ingest", film, "--title", "Twice", "--preset", "ultrafast"];
    const first = await platform.json(args);
    const id = textAt(first, "title", "id");
    const jobs = async () => platform.json(["api", "listIngestJobs", "-f", `title_id=${id}`]);
    const before = await jobs();
    const [foreseen] = Object(await platform.json([...args, "--dry-run"]));
    expect(foreseen).toMatchObject({ ok: true, unchanged: true });
    const again = await platform.run([...args, "--publish"]);
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain("Twice plays this file with these settings already");
    expect(await jobs()).toEqual(before);
    expect(await platform.json(args)).toMatchObject({
      unchanged: true,
      package_id: textAt(first, "package_id"),
      title: { id, state: "published" },
    });

    const forced = await platform.json([...args, "--force"]);
    expect(forced).toMatchObject({ unchanged: false, title: { id } });
    const slower = await platform.json(["ingest", film, "--title", "Twice", "--preset", "veryfast"]);
    expect(slower).toMatchObject({ unchanged: false, title: { id } });
    expect(textAt(slower, "package_id")).not.toBe(textAt(forced, "package_id"));
    expect(await platform.json(["titles", "list", "-q", "Twice"])).toHaveLength(1);
  });

  test("--preset takes the encoder's presets, and no others", async () => {
    const { stdout } = await platform.run(["ingest", "--help"]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`(default: faster): ${presets.join(", ")}`);
    const { exitCode, stderr } = await platform.run(["ingest", film, "--title", "X", "--preset", "warp"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--preset must be one of ultrafast,");
  });

  test("goes to an existing title by its id", async () => {
    const id = textAt(await platform.json(["titles", "create", "--title", "Made before"]), "id");
    expect(await platform.json(["ingest", film, "--title-id", id])).toMatchObject({
      title: { id, playable: true },
    });
  });

  test("Ctrl-C stops the encode with 130 and cancels the job; the same command then uses the same title", async () => {
    const long = await makeFilm(platform.folder, { seconds: 60, name: "long.mp4" });
    const args = ["ingest", long, "--title", "Interrupted"];
    const interrupted = platform.run(args);
    for await (const line of linesOf(interrupted.stderr)) if (line.startsWith("transcode")) break;
    interrupted.kill("SIGINT");
    expect((await interrupted).exitCode).toBe(130);
    expect(await platform.json(["jobs", "list", "--state", "canceled"])).toHaveLength(1);
    expect(await platform.json(args)).toMatchObject({ title: { title: "Interrupted", playable: true } });
    expect(await platform.json(["titles", "list", "-q", "Interrupted"])).toHaveLength(1);
  });

  test("an operator's `flix jobs cancel` stops it too, with 1", async () => {
    const canceled = platform.run(["ingest", inFolder("long.mp4"), "--title", "Stopped"]);
    for await (const line of linesOf(canceled.stderr)) if (line.startsWith("transcode")) break;
    const [job] = [textAt(await platform.json(["jobs", "list", "--state", "running"]), 0, "id")];
    await platform.json(["jobs", "cancel", job]);
    const { exitCode, stderr } = await canceled;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("[cancelled]");
  });

  test("a platform that goes away in mid-upload fails the run; the same command goes on with what is missing", async () => {
    // One whose files the platform does not hold already.
    const unseen = await makeFilm(platform.folder, { seconds: 3, name: "unseen.mp4" });
    const proxy = await startBreakingProxy(platform.url, { uploads: 3 });
    const token = await accessToken();
    const args = ["ingest", unseen, "--title", "Resumed", "--publish", "--json"];
    const broken = await platform.run(args, { env: { FLIX_SERVER: proxy.url, FLIX_TOKEN: token } });
    await proxy.stop();
    expect(broken.exitCode).toBe(1);
    const { code, fix } = JSON.parse(broken.stderr.trim().split("\n").at(-1) ?? "");
    expect(code).toBe("upload_failed");
    expect(fix).toContain("Run the same command again");
    expect(await platform.json(["titles", "list", "-q", "Resumed"])).toMatchObject([
      { state: "draft", playable: false },
    ]);

    const resumed = await platform.json(args);
    expect(resumed).toMatchObject({ reused: true, title: { state: "published", playable: true } });
    expect(await platform.json(["titles", "list", "-q", "Resumed"])).toHaveLength(1);
  });
});

/** The one that the local context keeps once a command has needed it. */
async function accessToken(): Promise<string> {
  await platform.json(["whoami"]);
  const path = join(platform.env["FLIX_CONFIG_DIR"] ?? "", "config.json");
  const config: unknown = JSON.parse(await readFile(path, "utf8"));
  return textAt(config, "contexts", "local", "credentials", "tokens", "accessToken");
}
