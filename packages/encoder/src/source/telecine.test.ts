import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { planFilm } from "../../testing/film-frames.ts";
import { telecineWarnings } from "./telecine.ts";

const fields = "setfield=tff -c:v libx264 -preset ultrafast -flags +ildct+ilme";

test.each([
  ["film that was telecined", "24000/1001", `-vf telecine=pattern=23,${fields}`, ["telecined"]],
  ["video of 59.94 fields", "60000/1001", `-vf tinterlace=interleave_top,${fields}`, []],
  ["progressive video that is said to be interlaced", "30000/1001", `-vf ${fields}`, []],
])("%s is told from others", async (_, rate, options, codes) => {
  const path = join(await temporaryFolder(), "film.mkv");
  const film = await planFilm(
    await makeClip(path, testInputs({ size: "160x120", rate, seconds: 6 }, []), options),
  );
  expect(film.codes).toContain("interlaced");
  const warnings = await telecineWarnings((await programs()).ffmpeg.path, film.source);
  expect(warnings.map(({ code }) => code)).toEqual(codes);
});
