import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { programs, temporaryFolder } from "../../testing/clips.ts";
import { type Ending, makeEnding } from "../../testing/credits-clip.ts";
import { findCredits } from "./credits.ts";
import type { FilmSamples } from "./film-samples.ts";
import type { PictureSample } from "./picture-sample.ts";
import { type FilmAnalysis, proposeMarkers } from "./propose-markers.ts";

const scene: PictureSample = {
  ground: 90,
  even: 0.2,
  ink: 0.4,
  strokes: 0.1,
  lines: 0.1,
  colour: 30,
  change: 8,
};
const black: PictureSample = { ground: 0, even: 1, ink: 0, strokes: 0, lines: 0, colour: 0, change: 0 };
const text: PictureSample = {
  ground: 0,
  even: 0.95,
  ink: 0.03,
  strokes: 1.1,
  lines: 0.95,
  colour: 2,
  change: 5,
};

type Part = readonly [sample: PictureSample, seconds: number, levelDb?: number];

/** The last minutes of a film of ten, four samples a second. */
function filmOf(...parts: readonly Part[]): FilmSamples {
  const samples = parts.flatMap(([picture, seconds, level = -20]) =>
    Array.from({ length: seconds * 4 }, () => ({ picture, level })),
  );
  return {
    startSeconds: 600 - samples.length / 4,
    everySeconds: 0.25,
    pictures: samples.map(({ picture }) => picture),
    levels: samples.map(({ level }) => level),
  };
}
const find = (...parts: readonly Part[]) => findCredits(filmOf(...parts), 600);

describe("credits", () => {
  test("begin where the film turns black, and go on to its end", () => {
    expect(find([scene, 100], [black, 2, -80], [text, 40], [black, 3, -80])).toMatchObject({
      kind: "credits",
      startSeconds: 555,
      confidence: 0.99,
      evidence: { blackSeconds: 2, lengthSeconds: 45, cutsPerMinute: 0 },
    });
  });

  test("end where a last scene follows, and are less sure then", () => {
    const found = find([scene, 60], [text, 40], [scene, 20]);
    expect(found).toMatchObject({ startSeconds: 540, endSeconds: 580 });
    expect(found?.confidence).toBeLessThan(0.95);
    expect(find([scene, 60], [text, 40])).not.toHaveProperty("endSeconds");
  });

  test("may be broken by a picture or two; a cast that is shown in scenes is not all text", () => {
    const broken = find([scene, 60], [text, 20], [scene, 1], [text, 20]);
    expect(broken).toMatchObject({ startSeconds: 559 });
    expect(find([scene, 60], [text, 2], [scene, 4], [text, 2], [scene, 4], [text, 2])).toBeNull();
  });

  test("are less sure where the text is coloured and cut from page to page, without black or silence before", () => {
    const loud = { ...text, colour: 60, change: 40 };
    const found = find([scene, 60], [loud, 40]);
    expect(found?.confidence).toBeLessThan(0.8);
    expect(found?.evidence.cutsPerMinute).toBeGreaterThan(100);
  });

  test.each<[string, ...Part[]]>([
    ["a film that fades out", [scene, 100], [black, 30, -80]],
    ["a title that stands for a moment", [scene, 100], [black, 2], [text, 3], [black, 2]],
    ["night", [{ ...scene, ground: 20, even: 0.5 }, 100]],
    ["lamps in the night", [{ ...text, lines: 0.3 }, 100]],
    ["a lit face before black", [{ ...text, strokes: 0.1, ink: 0.2 }, 100]],
    ["a film of which nothing could be decoded"],
  ])("are not %s", (_, ...parts) => {
    expect(find(...parts)).toBeNull();
  });

  test("are not looked for in the first part of the film", () => {
    expect(findCredits({ ...filmOf([text, 40], [scene, 500]), startSeconds: 60 }, 600)).toBeNull();
  });
});

async function analyse(ending: Ending): Promise<FilmAnalysis> {
  const folder = await temporaryFolder();
  const film = await makeEnding(folder, ending);
  for (const name of ["video-180p.mp4", "audio-en.mp4"]) await copyFile(film, join(folder, name));
  const { leaderSeconds = 0, filmSeconds, gapSeconds, endSeconds } = ending;
  return proposeMarkers(
    { ffmpeg: (await programs()).ffmpeg.path, plan: planned, renditionFolder: folder },
    leaderSeconds + filmSeconds + gapSeconds + endSeconds,
  );
}

const planned = {
  frameRate: { num: 24, den: 1 },
  gopFrames: 48,
  gopSeconds: 2,
  video: [{ id: "video-180p", codec: "h264", width: 320, height: 180 }],
  audio: [{ id: "audio-en" }],
} as const;

describe("of real films", () => {
  test("a roll of credits after black and silence is found to the second", async () => {
    const ending: Ending = { filmSeconds: 13, gapSeconds: 1, credits: "rolling", endSeconds: 10 };
    const { proposals, blackStartSeconds } = await analyse(ending);
    expect(proposals).toHaveLength(1);
    const [credits] = proposals;
    expect(credits?.kind).toBe("credits");
    expect(Math.abs((credits?.startSeconds ?? 0) - 13)).toBeLessThan(1);
    expect(credits).not.toHaveProperty("endSeconds");
    expect(credits?.confidence).toBeGreaterThan(0.9);
    expect(credits?.evidence.silenceSeconds).toBeGreaterThan(0.5);
    expect(blackStartSeconds).toBe(0);
  });

  test("black before the first picture is measured", async () => {
    const ending: Ending = {
      leaderSeconds: 4,
      filmSeconds: 6,
      gapSeconds: 0,
      credits: "none",
      endSeconds: 1,
    };
    expect(await analyse(ending)).toEqual({ proposals: [], blackStartSeconds: 4 });
  });

  test.each<[string, Ending]>([
    [
      "of a night without credits",
      { filmSeconds: 18, gapSeconds: 0, credits: "none", endSeconds: 1, dark: true },
    ],
    ["that ends in black", { filmSeconds: 12, gapSeconds: 2, credits: "none", endSeconds: 6 }],
  ])("a film %s proposes none", async (_, ending) => {
    expect((await analyse(ending)).proposals).toEqual([]);
  });
});
