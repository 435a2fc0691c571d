import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../../testing/clips.ts";
import { cutFilm, flipPackets, losePackets, packetPlaces, zeroPackets } from "../../testing/damage-film.ts";
import { decodeProblem } from "../../testing/strict-decode.ts";
import type { EncodedPackage } from "../build.ts";
import { encode } from "../pipeline.ts";
import { preflight } from "../preflight.ts";

const seconds = 4;
const codecs = "-c:v libx264 -preset fast -g 24 -c:a aac -shortest";

async function film(name: string, options = codecs): Promise<string> {
  return makeClip(join(await temporaryFolder(), name), testInputs({ size: "192x108", seconds }), options);
}

async function encodeFilm(input: string, tolerateErrors: boolean): Promise<EncodedPackage> {
  const workDir = await temporaryFolder();
  return encode({ input, workDir, tolerateErrors, preset: "ultrafast", programs: await programs() });
}

/** What every damaged film comes to: refused by default, else a whole package that says what is lost, the same one each time. */
async function tolerated(input: string, code: "corrupt" | "truncated" = "corrupt"): Promise<EncodedPackage> {
  await expect(encodeFilm(input, false)).rejects.toMatchObject({
    code,
    hint: expect.stringContaining("--tolerate-errors"),
  });
  const [encoded, again] = await Promise.all([encodeFilm(input, true), encodeFilm(input, true)]);
  const { report } = encoded;
  expect(again.report.mediaDigest).toBe(report.mediaDigest);
  expect(again.report.damage).toEqual(report.damage);
  expect(report.frames).toBe(report.plan.expectedFrames);
  expect(await decodeProblem(encoded)).toBeUndefined();
  const sound = report.renditions.filter(({ type }) => type === "audio");
  for (const { durationSeconds } of sound) {
    expect(durationSeconds).toBeGreaterThan(report.durationSeconds - 0.03);
    expect(durationSeconds).toBeLessThan(report.durationSeconds + 0.1);
  }
  const isLost = { code: "frames_lost", message: expect.stringContaining("damaged: ") };
  // A cut may fall between two frames.
  if (code === "corrupt") expect(report.warnings).toContainEqual(isLost);
  return encoded;
}

test("pictures with bytes that were changed are shown as far as they can be decoded", async () => {
  const input = await film("film.mp4");
  const pictures = await packetPlaces(input, "v:0");
  const flipped = pictures.filter((_, index) => index >= 26 && index < 44 && index % 3 === 0);
  await flipPackets(input, flipped);
  const { report } = await tolerated(input);
  expect(report.frames).toBe(seconds * 24);
  expect(report.damage?.missingFrames).toBe(0);
  expect(report.damage?.damagedFrames).toBeGreaterThanOrEqual(flipped.length / 2);
  // Up to the next key frame at most.
  expect(report.damage?.damagedFrames).toBeLessThanOrEqual(22);
  expect(report.damage?.ranges).toHaveLength(1);
  expect(report.damage?.ranges[0]?.startSeconds).toBeGreaterThan(1);
  expect(report.damage?.ranges[0]?.endSeconds).toBeLessThanOrEqual(2);
});

test("two seconds of zeros are bridged by the picture before them", async () => {
  const input = await film("film.mp4");
  const pictures = await packetPlaces(input, "v:0");
  const zeroed = pictures.filter(({ seconds: at }) => at >= 1 && at < 3);
  await zeroPackets(input, zeroed);
  const { report } = await tolerated(input);
  expect(report.frames).toBe(seconds * 24);
  expect(report.damage?.missingFrames).toBeGreaterThanOrEqual(zeroed.length);
  expect(report.damage?.missingFrames).toBeLessThanOrEqual(zeroed.length + 3);
  const [range] = report.damage?.ranges ?? [];
  expect(range?.startSeconds).toBeCloseTo(1, 0);
  expect(range?.endSeconds).toBeCloseTo(3, 0);
});

test("sound that cannot be decoded is silent", async () => {
  const input = await film("film.mp4");
  const sound = await packetPlaces(input, "a:0");
  const zeroed = sound.filter(({ seconds: at }) => at >= 1 && at < 2);
  await zeroPackets(input, zeroed);
  const { report } = await tolerated(input);
  expect(report.damage).toMatchObject({ damagedFrames: 0, missingFrames: 0, ranges: [] });
  expect(report.damage?.silentSeconds).toBeGreaterThan(0.9);
  expect(report.damage?.silentSeconds).toBeLessThan(1.2);
});

test("a transport stream that lost packets keeps its length", async () => {
  const input = await film("film.ts");
  await losePackets(input, 101);
  const { report } = await tolerated(input);
  expect(Math.abs(report.frames - seconds * 24)).toBeLessThanOrEqual(2);
  const { damagedFrames = 0, missingFrames = 0 } = report.damage ?? {};
  expect(damagedFrames + missingFrames).toBeGreaterThanOrEqual(3);
  expect(damagedFrames + missingFrames).toBeLessThan(48);
});

test("a film that was cut ends where its data does; preflight says so", async () => {
  const input = await film("film.mp4", `${codecs} -movflags +faststart`);
  await cutFilm(input, 0.6);
  const { report } = await tolerated(input, "truncated");
  expect(report.durationSeconds).toBeGreaterThan(1.5);
  expect(report.durationSeconds).toBeLessThan(3);
  expect(report.warnings).toContainEqual({
    code: "source_truncated",
    message: expect.stringContaining("its data ends at"),
  });
  const options = { input, programs: await programs() };
  expect(await preflight(options)).toMatchObject({ ok: false, problems: [{ code: "truncated" }] });
  expect(await preflight({ ...options, tolerateErrors: true })).toMatchObject({
    ok: true,
    plan: { tolerateErrors: true, expectedFrames: report.frames },
    warnings: expect.arrayContaining([expect.objectContaining({ code: "source_truncated" })]),
  });
});

test("of a whole film nothing is lost, and it is encoded as ever", async () => {
  const input = await film("film.mkv", "-c:v libvpx -deadline good -cpu-used 5 -auto-alt-ref 1 -c:a flac");
  const [strict, tolerant] = await Promise.all([encodeFilm(input, false), encodeFilm(input, true)]);
  expect(tolerant.report.damage).toEqual({
    damagedFrames: 0,
    missingFrames: 0,
    silentSeconds: 0,
    ranges: [],
  });
  expect(tolerant.report.warnings).toEqual(strict.report.warnings);
  expect(tolerant.report.mediaDigest).toBe(strict.report.mediaDigest);
  expect(tolerant.report.encodeKey).not.toBe(strict.report.encodeKey);
  expect(strict.report).not.toHaveProperty("damage");
});

test("a film of which but one picture is left stays refused, and nothing of it stays", async () => {
  const input = await film("film.mp4");
  const [, ...rest] = await packetPlaces(input, "v:0");
  await zeroPackets(input, rest);
  const workDir = await temporaryFolder();
  const options = {
    input,
    workDir,
    tolerateErrors: true,
    preset: "ultrafast",
    programs: await programs(),
  } as const;
  await expect(encode(options)).rejects.toMatchObject({
    code: "corrupt",
    message: expect.stringContaining("00:00:00.0"),
    atSeconds: 0,
  });
  expect(await readdir(workDir, { recursive: true })).toEqual([]);
});
