import { expect, it } from "vitest";
import { tierOf, tiersUpTo } from "./key-tiers.ts";

const video = (height: number) => ({ id: `video-${height}p`, type: "video" as const, codec: "avc1", height });
const audio = { id: "audio-en", type: "audio" as const, codec: "mp4a.40.2" };
const text = { id: "text-en", type: "text" as const, codec: "wvtt" };

it("has its limits at 576 and 1080 lines; text has no key", () => {
  const heights = [144, 576, 577, 1080, 1081, 4320];
  expect(heights.map((height) => tierOf(video(height)))).toEqual(["sd", "sd", "hd", "hd", "uhd", "uhd"]);
  expect([tierOf(audio), tierOf(text)]).toEqual(["audio", undefined]);
});

it("opens a plan what it plays: a tier whose every rendition lies above the plan stays closed", () => {
  const ladder = [video(2160), video(1080), video(360), audio, text];
  expect([...tiersUpTo(ladder, 4320)].toSorted()).toEqual(["audio", "hd", "sd", "uhd"]);
  expect([...tiersUpTo(ladder, 1080)].toSorted()).toEqual(["audio", "hd", "sd"]);
  expect([...tiersUpTo(ladder, 720)].toSorted()).toEqual(["audio", "sd"]);
  expect([...tiersUpTo([video(720), ...ladder], 720)].toSorted()).toEqual(["audio", "hd", "sd"]);
  expect([...tiersUpTo(ladder, 240)]).toEqual(["audio"]);
});
