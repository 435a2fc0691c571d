import { join } from "node:path";
import { expect, test } from "vitest";
import { makeClip, programs, temporaryFolder } from "../../testing/clips.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import { encodeSound, readSound } from "./encode-sound.ts";
import type { LoudnessTarget } from "./loudness.ts";
import { measureLoudness } from "./measure-loudness.ts";
import type { AudioRendition } from "./plan-audio.ts";
import type { SoundFacts } from "./sound-facts.ts";
import type { SoundTask } from "./sound-task.ts";

const seconds = 8;

function rendition(channels: 2 | 6, sourceChannels: number): AudioRendition {
  const role = "main" as const;
  const id = channels === 6 ? "audio-en-51" : "audio-en";
  return {
    id,
    codec: "aac",
    source: "master",
    streamIndex: 0,
    sourceChannels,
    language: "en",
    role,
    channels,
    bitrateKbps: channels * 64,
  };
}

interface Encoding {
  expressions: string;
  layout?: string;
  renditions: AudioRendition[];
  loudness: LoudnessTarget | null;
}

/** Encodes sound that an expression makes for each channel; answers what is told of it, and what a meter says of the result. */
async function encodeTone({ expressions, layout = "stereo", renditions, loudness }: Encoding) {
  const folder = await temporaryFolder();
  const source = ["-f", "lavfi", "-i", `aevalsrc='${expressions}':s=48000:d=${seconds}:c=${layout}`];
  const path = await makeClip(join(folder, "sound.mkv"), source, "-c:a flac");
  const ffmpeg = (await programs()).ffmpeg.path;
  const task: SoundTask = {
    key: "key",
    source: "master",
    renditions,
    loudness,
    filmSeconds: seconds,
    shiftSeconds: 0,
  };
  const out = join(folder, "done");
  const input = { path: inputUrl(path), options: inputGuards };
  const { facts } = await encodeSound(task, { ffmpeg, input, streamAt: (index) => index, folder: out });
  expect((await readSound(out, task)).facts).toEqual(facts);
  const meters = renditions.map(async ({ id }) => {
    const inputs = [{ path: join(out, `${id}.mp4`), options: [] }] as const;
    const heard = await measureLoudness({ ffmpeg, folder, inputs, chains: [{ id, chain: "[0:a]anull" }] });
    return heard.get(id);
  });
  return { facts, heard: await Promise.all(meters) };
}

const target = (facts: readonly SoundFacts[]) => facts.map(({ loudness }) => loudness);

/** Swells and dies away: an encoder that meets a tone's sudden end goes 2 dB past it. */
const swell = `*sin(PI*t/${seconds})`;

/** A tone that is 20 dB louder in every fourth second, as films are. */
const film = (amplitude: number): string => `${amplitude}*sin(880*t)*(0.1+0.9*lt(mod(t,4),1))`;

test.each([
  [-24, 0.9],
  [-24, 0.05],
  [-27, 0.9],
] as const)("to %i LKFS, stereo and 5.1 alike, from a level of %f", async (loudness, level) => {
  const expressions = Array.from({ length: 6 }, () => film(level)).join("|");
  const renditions = [rendition(2, 6), rendition(6, 6)];
  const { facts, heard } = await encodeTone({ expressions, layout: "5.1", renditions, loudness });
  for (const [index, meter] of heard.entries()) {
    expect(Math.abs((meter?.integratedLkfs ?? 0) - loudness)).toBeLessThan(1);
    expect(meter?.truePeakDbtp).toBeLessThan(-1);
    expect(target(facts)[index]).toMatchObject({ targetLkfs: loudness, limited: false, output: meter });
  }
});

test("peaks that have no room are held, and the loudness is reached nevertheless", async () => {
  // Quiet, with a click in every second that is 30 dB above it.
  const clicks = "0.02*sin(2000*t)+0.7*sin(6280*t)*lt(mod(t,1),0.001)";
  const { facts, heard } = await encodeTone({
    expressions: `${clicks}|${clicks}`,
    renditions: [rendition(2, 2)],
    loudness: -24,
  });
  expect(target(facts)).toMatchObject([{ limited: true }]);
  expect(Math.abs((heard[0]?.integratedLkfs ?? 0) + 24)).toBeLessThan(1);
  expect(heard[0]?.truePeakDbtp).toBeLessThan(-1);
});

test("silence stays silent, and off leaves sound as it is", async () => {
  const silent = await encodeTone({ expressions: "0|0", renditions: [rendition(2, 2)], loudness: -24 });
  expect(target(silent.facts)).toMatchObject([{ gainDb: 0, input: { truePeakDbtp: null } }]);
  const off = await encodeTone({
    expressions: `0.5*sin(880*t)${swell}|0.5*sin(880*t)${swell}`,
    renditions: [rendition(2, 2)],
    loudness: null,
  });
  expect(target(off.facts)).toEqual([null]);
  expect(off.heard[0]?.truePeakDbtp).toBeCloseTo(-6, 0);
});

/** Of a full sine in one channel of 5.1 alone; ITU-R BS.775 takes 3 dB from the centre and the surrounds, and the sum must not clip. */
test.each([
  ["left", 0, 1],
  ["centre", 2, Math.SQRT1_2],
  ["effects", 3, 0],
  ["left surround", 4, Math.SQRT1_2],
])("%s of 5.1 is folded into stereo by its share", async (_, channel, share) => {
  const expressions = Array.from({ length: 6 }, (__, index) =>
    index === channel ? `0.99*sin(2760*t)${swell}` : "0",
  ).join("|");
  const { heard } = await encodeTone({
    expressions,
    layout: "5.1",
    renditions: [rendition(2, 6)],
    loudness: null,
  });
  const whole = 1 + 2 * Math.SQRT1_2;
  if (share === 0) expect(heard[0]?.truePeakDbtp ?? -100).toBeLessThan(-60);
  else expect(heard[0]?.truePeakDbtp).toBeCloseTo(20 * Math.log10((0.99 * share) / whole), 0);
});

test("7.1 at full level in every channel clips neither in stereo nor in 5.1; mono comes from both sides as loud as it was", async () => {
  const loud = Array.from({ length: 8 }, () => `0.99*sin(2760*t)${swell}`).join("|");
  const seven = await encodeTone({
    expressions: loud,
    layout: "7.1",
    renditions: [rendition(2, 8), rendition(6, 8)],
    loudness: null,
  });
  for (const meter of seven.heard) expect(meter?.truePeakDbtp).toBeLessThan(0.5);
  const mono = await encodeTone({
    expressions: `0.5*sin(2760*t)${swell}`,
    layout: "mono",
    renditions: [rendition(2, 1)],
    loudness: null,
  });
  expect(mono.heard[0]?.truePeakDbtp).toBeCloseTo(-6, 0);
});
