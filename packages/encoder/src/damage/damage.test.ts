import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { damageFacts, findLostPictures, silentSecondsOf } from "./damage.ts";
import { createDecodeReader, parseFrameTimes } from "./decoded-film.ts";

const rate = 24;
const times = (count: number) => Array.from({ length: count }, (_, index) => index / rate);
const picture = { concealed: false, isKey: true, isBidirectional: false };
const shown = (seconds: readonly number[]) => seconds.map((at) => ({ ...picture, seconds: at }));
const listed = { framesPerSecond: rate, countsGaps: false };
const streamed = { framesPerSecond: rate, countsGaps: true };

describe("pictures that are lost", () => {
  test("are those that are in the file and cannot be decoded, wherever they are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(99), { maxLength: 99 }), (lost) => {
        const all = times(100);
        const left = all.filter((_, index) => !lost.includes(index));
        const film = { packets: all, pictures: shown(left), complaints: lost.length };
        const expected = lost.toSorted((a, b) => a - b).map((index) => index / rate);
        for (const cadence of [listed, streamed]) {
          const { missing, damaged } = findLostPictures(film, left, cadence);
          expect(missing.map((at) => at.toFixed(3))).toEqual(expected.map((at) => at.toFixed(3)));
          expect(damaged).toEqual([]);
        }
      }),
    );
  });

  test("are gaps too where the container does not list its pictures", () => {
    const left = times(48).filter((_, index) => index < 10 || index >= 14);
    const film = { packets: left, pictures: shown(left), complaints: 1 };
    expect(findLostPictures(film, left, streamed).missing).toHaveLength(4);
    expect(findLostPictures(film, left, listed).missing).toEqual([]);
  });

  test("are hours of them where a time is damaged", () => {
    const left = [...times(10), 6 * 3600];
    const film = { packets: left, pictures: shown(left), complaints: 1 };
    expect(findLostPictures(film, left, streamed).missing).toHaveLength(6 * 3600 * rate - 10);
  });

  test("are not those that are only referred to, nor what an edit leaves out before the start", () => {
    const all = times(24);
    const between = all.map((at) => at + 0.02);
    const film = { packets: [-0.08, -0.04, ...all, ...between], pictures: shown(all), complaints: 1 };
    expect(findLostPictures(film, all, listed).missing).toEqual([]);
  });

  test("are damaged where the decoder says so, or a strict one would not have shown them", () => {
    const all = times(24);
    const pictures = all.map((seconds, index) => ({
      ...picture,
      seconds,
      concealed: index === 3,
    }));
    const strict = all.filter((_, index) => index !== 3 && index !== 7).map((at) => Number(at.toFixed(6)));
    const { damaged } = findLostPictures({ packets: all, pictures, complaints: 1 }, strict, listed);
    expect(damaged).toEqual([3 / rate, 7 / rate]);
  });
});

describe("what is predicted from lost pictures is damaged too", () => {
  const all = times(12);
  const kinds = [..."IPBPPPIPBPPP"];
  const filmOf = (lost: readonly number[], concealed: readonly number[]) =>
    all
      .map((seconds, index) => ({
        seconds,
        concealed: concealed.includes(index),
        isKey: kinds[index] === "I",
        isBidirectional: kinds[index] === "B",
      }))
      .filter((_, index) => !lost.includes(index));

  test.each([
    { lost: [3], concealed: [], damaged: [4, 5] },
    { lost: [], concealed: [3], damaged: [3, 4, 5] },
    { lost: [], concealed: [2], damaged: [2] },
    { lost: [6], concealed: [], damaged: [7, 8, 9, 10, 11] },
    { lost: [5], concealed: [6], damaged: [6, 7, 8, 9, 10, 11] },
    { lost: [11], concealed: [], damaged: [] },
  ])("until the next key picture: $lost lost, $concealed concealed", ({ lost, concealed, damaged }) => {
    const pictures = filmOf(lost, concealed);
    const film = { packets: all, pictures, complaints: 1 };
    const found = findLostPictures(film, all, listed);
    expect(found.damaged).toEqual(damaged.map((index) => index / rate));
    expect(found.missing).toEqual(lost.map((index) => index / rate));
  });
});

test("what is lost near by is one range; only the first ranges are told, and all frames counted", () => {
  const everyTwoSeconds = Array.from({ length: 30 }, (_, index) => index * 2);
  const { ranges, ...counts } = damageFacts(
    { damaged: everyTwoSeconds, missing: everyTwoSeconds.map((at) => at + 0.5) },
    rate,
    0.1234,
  );
  expect(counts).toEqual({ damagedFrames: 30, missingFrames: 30, silentSeconds: 0.123 });
  expect(ranges).toHaveLength(20);
  expect(ranges[1]).toEqual({ startSeconds: 2, endSeconds: 2.542, damagedFrames: 1, missingFrames: 1 });
});

test("sound is silent in its gaps, and not where frames overlap or round", () => {
  const frames = [0, 1, 2, 3, 5, 6.01, 6.5].map((start) => ({ start, end: start + 1 }));
  expect(silentSecondsOf(frames)).toBeCloseTo(1);
  expect(silentSecondsOf([])).toBe(0);
});

describe("ffmpeg's own words", () => {
  test.each([
    [
      "7",
      [
        "[info] demuxer+ffmpeg -> ist_index:0:0 type:video pkt_pts:512 pkt_pts_time:0.5 pkt_dts:0 pkt_dts_time:0 off:0",
        "[info] demuxer+ffmpeg -> ist_index:0:0 type:video pkt_pts:NOPTS pkt_pts_time:NOPTS pkt_dts:0 pkt_dts_time:0",
        "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [warning] corrupt decoded frame",
        "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [info] decoder -> pts:512 pts_time:0.5 pkt_dts:0 pkt_dts_time:0 duration:1 keyframe:1 frame_type:1",
        "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [info] decoder -> pts:768 pts_time:0.75 pkt_dts:NOPTS pkt_dts_time:NOPTS keyframe:0 frame_type:3",
      ],
    ],
    [
      "5.1",
      [
        "[info] demuxer+ffmpeg -> ist_index:0 type:video pkt_pts:512 pkt_pts_time:0.5 pkt_dts:0 pkt_dts_time:0 off:0",
        "[warning] file:film.mp4: corrupt decoded frame in stream 0",
        "[info] decoder -> ist_index:0 type:video frame_pts:NOPTS frame_pts_time:NOPTS best_effort_ts:512 best_effort_ts_time:0.5 keyframe:1 frame_type:1",
        "[info] decoder -> ist_index:0 type:video frame_pts:768 frame_pts_time:0.75 best_effort_ts:768 best_effort_ts_time:0.75 keyframe:0 frame_type:3",
      ],
    ],
  ])("of version %s tell packets and pictures", (_, lines) => {
    const reader = createDecodeReader(60);
    for (const line of lines) reader.push(line);
    reader.push(String(lines.at(-1)).replaceAll("0.75", "7200.75"));
    expect(reader.read()).toEqual({
      packets: [0.5],
      pictures: [
        { seconds: 0.5, concealed: true, isKey: true, isBidirectional: false },
        { seconds: 0.75, concealed: false, isKey: false, isBidirectional: true },
      ],
      complaints: 1,
    });
  });

  test("list the frames of a stream in its own ticks", () => {
    const text =
      "#software: Lavf\n#tb 0: 1/1000\n0,  -20,  -20,   40,  99, 0x1\n0,   20,   20,   40,  99, 0x2\n";
    expect(parseFrameTimes(text)).toEqual([
      { start: -0.02, end: 0.02 },
      { start: 0.02, end: 0.06 },
    ]);
    expect(parseFrameTimes("")).toEqual([]);
  });
});
