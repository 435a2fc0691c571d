import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

let platform: RunningPlatform;
let film: string;
beforeAll(async () => {
  platform = await startPlatform();
  film = await makeFilm(platform.folder, { seconds: 4 });
  const bytes = await readFile(film);
  bytes.fill(0, Math.round(bytes.length * 0.5), Math.round(bytes.length * 0.6));
  await writeFile(film, bytes);
});
afterAll(() => platform.stop());

test("a damaged master is refused, and told how it can be encoded nevertheless: what is lost is in result and report", async () => {
  const args = ["ingest", film, "--title", "Damaged", "--preset", "ultrafast"];
  const refused = await platform.run(args);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/\[corrupt\]\nnext: .*--tolerate-errors/);

  const sent = await platform.json([...args, "--tolerate-errors"]);
  const message = expect.stringMatching(
    /^The master is damaged: .*frames are missing, first at 00:00:0\d\.\d/,
  );
  expect(sent).toMatchObject({
    duration_seconds: 4,
    warnings: expect.arrayContaining([{ code: "frames_lost", message }]),
  });
  const id = textAt(sent, "title", "id");
  const told = await platform.run(["titles", "package", id]);
  expect(told.stdout).toMatch(/^Damage\n {2}(\d+ frames? damaged, )?\d+ frames missing/m);
  expect(await platform.json(["titles", "package", id])).toMatchObject({
    damage: { missing_frames: expect.any(Number), ranges: [{ start_seconds: expect.any(Number) }] },
  });
});

test("a list of titles says tolerate_errors: true, and of whole masters false", async () => {
  const list = join(platform.folder, "list.yaml");
  const cut = join(platform.folder, "cut.mkv");
  const whole = await makeFilm(platform.folder, { seconds: 4, name: "whole.mkv" });
  const bytes = await readFile(whole);
  await writeFile(cut, bytes.subarray(0, bytes.length / 2));
  const titles = [
    { file: cut, title: "Cut", tolerate_errors: true },
    { file: cut, title: "Refused" },
    { file: whole, title: "Whole", tolerate_errors: false },
  ];
  await writeFile(list, JSON.stringify({ titles }));
  const cutShort = expect.objectContaining({ code: "source_truncated" });
  const { stdout } = await platform.run(["ingest", list, "--dry-run", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject([
    { ok: true, plan: { tolerate_errors: true }, warnings: expect.arrayContaining([cutShort]) },
    { ok: false, problems: [{ code: "truncated", hint: expect.stringContaining("--tolerate-errors") }] },
    { ok: true, plan: expect.not.objectContaining({ tolerate_errors: true }) },
  ]);
});
