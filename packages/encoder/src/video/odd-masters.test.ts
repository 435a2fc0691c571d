import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeClip, temporaryFolder, testInputs } from "../../testing/clips.ts";
import {
  clockBar,
  clockBarInput,
  clockOf,
  frameHashes,
  planFilm,
  type PlannedFilm,
} from "../../testing/film-frames.ts";
import { fps } from "../plan/frame-rate.ts";

/** What a chunk shows is what an encode of the whole film shows there. */
async function expectSameInChunks(film: PlannedFilm, fromSegments: readonly number[] = [1]): Promise<void> {
  const whole = await frameHashes(film);
  expect(Math.abs(whole.length - film.plan.expectedFrames)).toBeLessThanOrEqual(1);
  for (const segments of fromSegments) {
    const firstFrame = segments * film.plan.segmentFrames;
    const chunk = await frameHashes(film, { firstFrame });
    expect(whole.length).toBeGreaterThan(firstFrame);
    expect(chunk).toEqual(whole.slice(firstFrame));
  }
}

const clock = (frame: number): number => frame % clockBar.places;

describe("of interlaced masters each first field is shown in its time", () => {
  const weave = (first: "top" | "bottom"): string =>
    `-vf tinterlace=interleave_${first},setfield=${first === "top" ? "tff" : "bff"}`;
  test.each([
    ["PAL, top first", "film.ts", "50", `${weave("top")} -c:v mpeg2video -q:v 2 -flags +ildct+ilme -g 12`],
    [
      "PAL, bottom first",
      "film.mkv",
      "50",
      `${weave("bottom")} -c:v libx264 -preset ultrafast -qp 10 -flags +ildct+ilme -x264-params bff=1`,
    ],
    [
      "NTSC in ProRes of 4:2:2 and 10 bits, bottom first",
      "film.mov",
      "60000/1001",
      `${weave("bottom")} -c:v prores_ks -pix_fmt yuv422p10le -flags +ildct -field_order bb`,
    ],
    [
      "bottom first as the container alone says",
      "film.mov",
      "50",
      `${weave("bottom")} -c:v mjpeg -q:v 2 -field_order bb`,
    ],
  ])("%s", async (_, name, rate, options) => {
    const input = await makeClip(join(await temporaryFolder(), name), clockBarInput(rate, 6), options);
    const film = await planFilm(input);
    expect(film.codes).toEqual(["interlaced"]);
    const seen = await clockOf(film, { frames: 40 });
    expect(seen).toEqual(seen.map((_frame, index) => clock(index * 2)));
    await expectSameInChunks(film);
  });

  test("DV, which says so in its pictures alone", async () => {
    const input = await makeClip(
      join(await temporaryFolder(), "film.avi"),
      testInputs({ size: "720x480", rate: "60000/1001", seconds: 1 }, []),
      `${weave("bottom")} -c:v dvvideo -pix_fmt yuv411p -flags +ildct`,
    );
    expect((await planFilm(input)).codes).toContain("interlaced");
  });
});

describe("frames that come at uneven times are shown at their own", () => {
  const masters: {
    what: string;
    name: string;
    rate: number;
    seconds: number;
    select: string;
    keeps(frame: number): boolean;
    output: string;
  }[] = [
    {
      what: "a telephone that falls from 60 to 15 in the dark",
      name: "film.mp4",
      rate: 60,
      seconds: 6,
      select: "lt(n\\,120)+gte(n\\,240)+not(mod(n\\,4))",
      keeps: (frame) => frame < 120 || frame >= 240 || frame % 4 === 0,
      output: "60/1",
    },
    {
      what: "every second frame of the rest is missing",
      name: "film.mkv",
      rate: 30,
      seconds: 6,
      select: "lt(n\\,90)+not(mod(n\\,2))",
      keeps: (frame) => frame < 90 || frame % 2 === 0,
      output: "30/1",
    },
    {
      what: "a gap of half a minute",
      name: "film.mp4",
      rate: 30,
      seconds: 36,
      select: "lt(n\\,90)+gt(n\\,990)",
      keeps: (frame) => frame < 90 || frame > 990,
      output: "30/1",
    },
    {
      what: "slides that stand for seconds",
      name: "film.mkv",
      rate: 10,
      seconds: 14,
      select: "eq(n\\,0)+eq(n\\,17)+eq(n\\,99)+eq(n\\,139)",
      keeps: (frame) => [0, 17, 99, 139].includes(frame),
      output: "10/1",
    },
  ];
  test.each(masters)("$what", async ({ name, rate, seconds, select, keeps, output }) => {
    const input = await makeClip(
      join(await temporaryFolder(), name),
      clockBarInput(String(rate), seconds),
      `-vf select=${select} -fps_mode vfr -c:v libx264 -preset ultrafast -qp 10 -bf 2 -g 30`,
    );
    const film = await planFilm(input);
    const { num, den } = film.plan.frameRate;
    expect(`${num}/${den}`).toBe(output);
    const seen = await clockOf(film);
    const expected = seen.map((_, index) => {
      let frame = Math.round((index * rate) / fps(film.plan.frameRate));
      while (!keeps(frame)) frame -= 1;
      return clock(frame);
    });
    expect(seen).toEqual(expected);
    await expectSameInChunks(film, seconds > 30 ? [1, 4, 8] : [1]);
  });

  test("a slide show of one frame a second, and 120 a second", async () => {
    const folder = await temporaryFolder();
    const x264 = "-c:v libx264 -preset ultrafast -qp 10";
    const slow = await planFilm(await makeClip(join(folder, "slow.mp4"), clockBarInput("1", 9), x264));
    expect(await clockOf(slow)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await expectSameInChunks(slow);
    const fast = await planFilm(await makeClip(join(folder, "fast.mp4"), clockBarInput("120", 5), x264));
    expect(fast.codes).toEqual(["frame_rate_halved"]);
    const seen = await clockOf(fast);
    expect(seen).toEqual(seen.map((_, index) => clock(index * 2)));
    await expectSameInChunks(fast);
  });
});

describe("a film begins with its first picture, wherever its clock begins", () => {
  const tone = "-f lavfi -i sine=duration=6";
  const x264 = "-c:v libx264 -preset ultrafast -qp 10 -bf 2 -g 24 -c:a aac";
  const early = "-output_ts_offset -0.5 -avoid_negative_ts disabled";
  test.each([
    ["hours late", "film.ts", "", `${x264} -output_ts_offset 5000`, 1],
    ["before zero, with pictures that are not to be shown", "film.mp4", "", `${x264} ${early}`, -12],
    ["the sound before the pictures", "film.mp4", "-itsoffset 0.5", x264, 12],
    ["the pictures before the sound", "film.mp4", "", `-af adelay=500 ${x264}`, 0],
  ])("%s", async (_, name, before, options, late) => {
    const input = await makeClip(
      join(await temporaryFolder(), name),
      before === "" ? [] : before,
      clockBarInput("24", 6),
      tone,
      `-map 0:v -map 1:a ${options}`,
    );
    const film = await planFilm(input);
    const seen = await clockOf(film, { frames: 16 });
    expect(seen).toEqual(seen.map((_frame, index) => Math.max(0, index - late)));
    await expectSameInChunks(film);
  });

  test("of an edit list, with the first picture that is in it", async () => {
    const folder = await temporaryFolder();
    const whole = await makeClip(
      join(folder, "whole.mp4"),
      clockBarInput("24", 8),
      "-c:v libx264 -qp 10 -bf 2 -g 48",
    );
    const film = await planFilm(
      await makeClip(join(folder, "cut.mp4"), "-ss 1 -i", [whole], "-c copy -movflags use_metadata_tags"),
    );
    const seen = await clockOf(film, { frames: 20 });
    expect(seen).toEqual(seen.map((_, index) => clock(24 + index)));
    await expectSameInChunks(film);
  });
});

test("pictures that stand half a frame off, in whole milliseconds, are each shown once", async () => {
  const folder = await temporaryFolder();
  const x264 = "-c:v libx264 -preset ultrafast -qp 10 -g 24";
  const pictures = await makeClip(join(folder, "pictures.mp4"), clockBarInput("24000/1001", 6), x264);
  const input = await makeClip(
    join(folder, "film.mkv"),
    "-itsoffset 0.021 -i",
    [pictures],
    "-f lavfi -i sine=duration=6 -map 0:v -map 1:a -c:v copy -c:a pcm_s16le",
  );
  const film = await planFilm(input);
  const seen = await clockOf(film);
  expect(seen).toEqual(seen.map((_, index) => clock(Math.max(0, index - 1))));
  await expectSameInChunks(film);
});

describe("what changes in the middle is brought to what it was", () => {
  test.each([
    ["the size", "-vf scale=480:96 -pix_fmt yuv420p"],
    ["the pixel format", "-pix_fmt yuv422p10le"],
  ])("%s", async (_, options) => {
    const folder = await temporaryFolder();
    const x264 = "-c:v libx264 -preset ultrafast -qp 10 -bf 0 -g 24";
    await makeClip(join(folder, "one.ts"), clockBarInput("24", 4), `-pix_fmt yuv420p ${x264}`);
    await makeClip(join(folder, "two.ts"), clockBarInput("24", 5), `${options} ${x264} -output_ts_offset 4`);
    await writeFile(join(folder, "list"), "ffconcat version 1.0\nfile one.ts\nfile two.ts\n");
    const film = await planFilm(
      await makeClip(join(folder, "film.ts"), "-f concat -i", [join(folder, "list")], "-c copy"),
    );
    const seen = await clockOf(film);
    expect(seen).toEqual(seen.map((_frame, index) => clock(index < 96 ? index : index - 96)));
    await expectSameInChunks(film);
  });
});
