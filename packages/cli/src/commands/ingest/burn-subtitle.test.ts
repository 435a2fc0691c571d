import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClip } from "../../../../encoder/testing/clips.ts";
import { makePgs } from "../../../../encoder/testing/pgs.ts";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../../testing/platform.ts";

let platform: RunningPlatform;
let film: string;
beforeAll(async () => {
  platform = await startPlatform();
  const sup = await makePgs(join(platform.folder, "track.sup"), [{ startSeconds: 0.5, endSeconds: 1.5 }]);
  const inputs = ["-i", await makeFilm(platform.folder), "-copyts", "-i", sup];
  const tracks = "-map 0 -map 1 -c copy -metadata:s:s:0 language=eng";
  film = await makeClip(join(platform.folder, "film.mkv"), inputs, tracks);
});
afterAll(() => platform.stop());

test("a subtitle of pictures is told with the way to keep it, and is in the film where that is asked for", async () => {
  const args = ["ingest", film, "--title", "Burned", "--preset", "ultrafast", "--ladder", "fixed"];
  const left = await platform.run([...args, "--dry-run"]);
  expect(left.stdout).toMatch(/^Subtitles +track 2, hdmv_pgs_subtitle, en$/m);
  expect(left.stdout).toContain("with --burn-subtitle 2, or");

  const foreseen = await platform.run([...args, "--burn-subtitle", "en", "--dry-run"]);
  expect(foreseen.stdout).toMatch(/^Burned in +en, track 2$/m);
  expect(foreseen.stdout).not.toContain("bitmap_subtitle_ignored");

  const sent = await platform.json([...args, "--burn-subtitle", "2"]);
  expect(sent).toMatchObject({ warnings: [] });
  const { stdout } = await platform.run(["titles", "package", textAt(sent, "title", "id")]);
  expect(stdout).toMatch(/^ {2}Burned in +en, track 2 of the master$/m);
});

test("a track that is not there, in a list of titles, is told with those that are", async () => {
  const list = join(platform.folder, "list.yaml");
  await writeFile(list, `titles: [{ file: ${film}, title: Not there, burn_subtitle: 7 }]`);
  const { exitCode, stdout } = await platform.run(["ingest", list, "--dry-run", "--json"]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      ok: false,
      problems: [
        {
          code: "subtitle_track_not_found",
          hint: "Name one of these by its number: 2 (en, hdmv_pgs_subtitle).",
        },
      ],
    },
  ]);
});
