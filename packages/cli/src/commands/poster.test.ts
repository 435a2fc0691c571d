import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textAt } from "../../testing/fields.ts";
import { makeFilm } from "../../testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";

/** Four scenes of four seconds. */
const scenes = ["testsrc2", "mandelbrot", "smptehdbars", "rgbtestsrc"];
const picture = [
  ...scenes.map(
    (scene, index) => `${scene}=size=320x180:rate=24,trim=duration=4,format=yuv420p,setsar=1[${index}]`,
  ),
  `${scenes.map((_, index) => `[${index}]`).join("")}concat=n=4`,
].join(";");

let platform: RunningPlatform;
let titleId: string;
beforeAll(async () => {
  platform = await startPlatform();
  const film = await makeFilm(platform.folder, { seconds: 16, picture });
  const result = await platform.json(["ingest", film, "--title", "Scenes", "--preset", "ultrafast"]);
  titleId = textAt(result, "title", "id");
});
afterAll(() => platform.stop());

interface Candidate {
  current: boolean;
  at_seconds: number;
  score: number;
}
const list = async () => (await platform.json(["titles", "poster", titleId])) as Candidate[];
const artwork = async () => {
  const title = await platform.json(["titles", "get", titleId]);
  return Object.fromEntries(["poster", "backdrop"].map((kind) => [kind, urlOf(title, kind)]));
};

test("an ingest keeps the best frames of several scenes, and takes the first", async () => {
  const candidates = await list();
  expect(candidates.length).toBeGreaterThanOrEqual(3);
  expect(candidates[0]).toMatchObject({ candidate: 1, path: "posters/1.jpg", current: true });
  expect(candidates.slice(1).every(({ current }) => !current)).toBe(true);
  expect(new Set(candidates.map(({ at_seconds: at }) => Math.floor(at / 4))).size).toBeGreaterThanOrEqual(3);
  const scores = candidates.map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
});

test("an operator looks at them and takes another, which is the backdrop's too as long as that is a frame", async () => {
  const folder = join(platform.folder, "frames");
  const { stdout, stderr } = await platform.run(["titles", "poster", titleId, "--save", folder]);
  expect(stdout).toMatch(/^CANDIDATE +AT +SCORE/);
  expect(stderr).toContain("pictures to");
  expect((await readdir(folder)).toSorted().slice(0, 3)).toEqual(["1.jpg", "2.jpg", "3.jpg"]);

  const before = await artwork();
  await platform.json(["titles", "poster", titleId, "--candidate", "2", "--dry-run"]);
  expect(await artwork()).toEqual(before);
  await platform.json(["titles", "poster", titleId, "--candidate", "2"]);
  const after = await artwork();
  expect(after).not.toEqual(before);
  expect(after["backdrop"]).toBe(after["poster"]);
  const shown = await fetch(new URL(String(after["poster"]), platform.url));
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(await readFile(join(folder, "2.jpg")));
  expect((await list()).map(({ current }) => current).slice(0, 3)).toEqual([false, true, false]);

  await platform.json(["titles", "poster", titleId, "--file", join(folder, "3.jpg")]);
  await platform.json(["titles", "poster", titleId, "--candidate", "1"]);
  expect(await artwork()).toEqual({ poster: before["poster"], backdrop: after["backdrop"] });
});

test.each([
  ["poster_not_found", 1, ["--candidate", "99"]],
  ["file_not_readable", 1, ["--file", "nowhere.jpg"]],
  ["image_not_valid", 1, ["--file", "text.jpg"]],
  ["usage", 2, ["--candidate", "1", "--file", "text.jpg"]],
])("%s ends with %i", async (code, status, options) => {
  await writeFile(join(platform.folder, "text.jpg"), "no picture");
  const args = ["titles", "poster", titleId, ...options, "--json"];
  const { exitCode, stderr } = await platform.run(args, { cwd: platform.folder });
  expect([JSON.parse(stderr).code, exitCode]).toEqual([code, status]);
});

function urlOf(title: unknown, wanted: string): unknown {
  return Object(title).artwork.find(({ kind }: { kind: string }) => kind === wanted)?.url;
}
