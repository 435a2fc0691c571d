import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textAt } from "../../../../testing/fields.ts";
import { makeFilm } from "../../../../testing/film.ts";
import { linesOf } from "../../../../testing/flix.ts";
import { startPlatform, type RunningPlatform } from "../../../../testing/platform.ts";

let platform: RunningPlatform;
beforeAll(async () => {
  platform = await startPlatform();
  await mkdir(inFolder("masters/Show"), { recursive: true });
  const names = ["Show/Show S01E01.mp4", "Show/Show S01E02.mp4", "Film (2008).mp4"];
  for (const [index, name] of names.entries())
    await makeFilm(inFolder("masters"), { name, picture: picture(index) });
  await writeFile(inFolder("masters/Broken.mov"), "Once upon a time\n");
  await writeFile(inFolder("masters/Film (2008).fr.srt"), "1\n00:00:00,100 --> 00:00:00,900\nBonjour\n");
});
afterAll(() => platform.stop());

/** Each film another, but for the two episodes, whose turn comes one after the other. */
const picture = (index: number) => `testsrc2=size=320x180:rate=24:duration=1,hue=h=${(index >> 1) * 40}`;
const inFolder = (name: string) => join(platform.folder, name);
const eventsOf = (stderr: string) =>
  stderr
    .trim()
    .split("\n")
    .map((line) => Object(JSON.parse(line)));

test("a folder is ingested past what is bad in it; the same command again does only what is missing", async () => {
  const args = ["ingest", inFolder("masters"), "--preset", "ultrafast", "--publish"];
  const report = inFolder("report.json");
  const first = await platform.run([...args, "--json", "--report", report]);
  expect(first.exitCode).toBe(1);
  const outcomes = JSON.parse(first.stdout);
  expect(outcomes).toMatchObject([
    { name: "Broken", state: "failed", failure: { code: "not_media", fix: expect.any(String) } },
    { name: "Film", state: "ingested", title: { state: "published", playable: true, release_year: 2008 } },
    { name: "Show S01E01 Episode 1", state: "ingested", title: { kind: "episode" } },
    { name: "Show S01E02 Episode 2", state: "ingested", title: { kind: "episode" } },
  ]);
  expect(JSON.parse(await readFile(report, "utf8"))).toEqual(outcomes);
  const events = eventsOf(first.stderr);
  expect(new Set(events.map(({ title }) => title))).toEqual(
    new Set(outcomes.map(({ name }: { name: string }) => name)),
  );
  expect(events).toContainEqual(
    expect.objectContaining({ title: "Broken", state: "failed", code: "not_media" }),
  );
  // The episodes came at the same time, and are of one series.
  expect(await platform.json(["titles", "list", "--kind", "series"])).toMatchObject([{ title: "Show" }]);

  await rm(inFolder("masters/Broken.mov"));
  await makeFilm(inFolder("masters"), { name: "Broken.mov", picture: picture(7) });
  const again = await platform.run(args);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toMatch(/^Broken +ingested /m);
  expect(again.stdout.match(/ unchanged /g)).toHaveLength(3);
  expect(again.stderr).toContain("1 ingested, 3 unchanged.");
});

test("a list is checked whole before anything is made", async () => {
  await writeFile(
    inFolder("bad.yaml"),
    "titles:\n  - { file: masters/Film (2008).mp4, title: New, yaer: 1 }\n  - gone.mov\n",
  );
  const { exitCode, stderr } = await platform.run(["ingest", inFolder("bad.yaml")]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^error: .* 2 mistakes; nothing was ingested \[list_not_valid\]\n +bad\.yaml:2: "yaer".*\n +bad\.yaml:3: there is no file/,
  );
  expect(await platform.json(["titles", "list", "-q", "New"])).toEqual([]);
  for (const option of ["--title", "--subtitle"]) {
    const wrong = await platform.run(["ingest", inFolder("masters"), option, "en=x"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining(`${option} is of one film`)]);
  }
});

test("low rungs come first where they are wanted, then the full packages", async () => {
  const large = await makeFilm(platform.folder, {
    seconds: 1,
    name: "large.mp4",
    picture: "testsrc2=size=640x480:rate=24:duration=1",
  });
  await writeFile(inFolder("low.yaml"), `titles:\n  - { file: ${large}, title: Large, preset: ultrafast }\n`);
  const { exitCode, stdout } = await platform.run(["ingest", inFolder("low.yaml"), "--low-first", "--json"]);
  expect(exitCode).toBe(0);
  const id = textAt(JSON.parse(stdout), 0, "title", "id");
  const packages = Object(await platform.json(["api", "listPackages", "-f", `title_id=${id}`])).data;
  const heights = packages.map(({ renditions }: { renditions: { height?: number }[] }) =>
    renditions.flatMap(({ height }) => height ?? []),
  );
  expect(heights).toEqual([
    [480, 360, 234],
    [360, 234],
  ]);
});

test("Ctrl-C ends all with 130 and says how to go on; no title is made twice", async () => {
  const long = await makeFilm(platform.folder, { seconds: 60, name: "long.mp4" });
  const other = await makeFilm(platform.folder, { seconds: 50, name: "other.mp4" });
  const files = { One: long, Two: other, Three: long };
  const titles = Object.entries(files).map(([title, file]) => `  - { file: ${file}, title: ${title} }\n`);
  await writeFile(inFolder("long.yaml"), `titles:\n${titles.join("")}`);
  const running = platform.run(["ingest", inFolder("long.yaml"), "--concurrency", "2"]);
  for await (const line of linesOf(running.stderr)) if (line.startsWith("Two: transcode")) break;
  running.kill("SIGINT");
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode).toBe(130);
  expect(stdout.match(/ not done/g)).toHaveLength(3);
  expect(stderr).toContain("The same command again goes on with what is not done.");
  expect(await platform.json(["jobs", "list", "--state", "running"])).toEqual([]);
});
