import { expect, test } from "vitest";
import { createLoudnessReader, gainTo, withMakeup } from "./loudness.ts";

const measured = (integratedLkfs: number, truePeakDbtp: number | null) => ({
  integratedLkfs,
  rangeLu: 10,
  truePeakDbtp,
});

test.each([
  ["loud music comes down", -24, measured(-9, 0.5), { gainDb: -15, limited: false }],
  ["a quiet film with room above it goes up", -24, measured(-31, -10), { gainDb: 7, limited: false }],
  ["one whose peaks have no room is limited", -24, measured(-31, -8), { gainDb: 7, limited: true }],
  ["-27 leaves it three more", -27, measured(-31, -8), { gainDb: 4, limited: false }],
  ["noise is not brought up without end", -24, measured(-60, -50), { gainDb: 20, limited: false }],
  ["silence stays", -24, measured(-70, null), null],
] as const)("%s", (_, target, loudness, gain) => {
  expect(gainTo(target, loudness)).toEqual(gain);
});

test("what the limiter takes is given back, up to 3 dB", () => {
  const gain = { gainDb: 7, limited: true };
  expect(withMakeup(gain, -24, measured(-24.8, -2))).toEqual({ gainDb: 7.8, limited: true });
  expect(withMakeup(gain, -24, measured(-30, -2))).toEqual({ gainDb: 10, limited: true });
});

test("summaries are told apart by their meters, in whatever order they come", () => {
  const reader = createLoudnessReader();
  const log = `[ebur128@audio-en-51 @ 0x7f9e10003940] [info] Summary:

  Integrated loudness:
    I:         -21.6 LUFS
    Threshold: -34.9 LUFS

  Loudness range:
    LRA:        17.7 LU
    Threshold: -44.6 LUFS

  True peak:
    Peak:       -0.8 dBFS
[ebur128@audio-en @ 0x7f9e10003480] [info] Summary:

  Integrated loudness:
    I:         -70.0 LUFS

  Loudness range:
    LRA:         0.0 LU

  True peak:
    Peak:       -inf dBFS`;
  for (const line of log.split("\n")) reader.push(line);
  expect(reader.of("audio-en-51")).toEqual({ integratedLkfs: -21.6, rangeLu: 17.7, truePeakDbtp: -0.8 });
  expect(reader.of("audio-en")).toEqual({ integratedLkfs: -70, rangeLu: 0, truePeakDbtp: null });
  expect(reader.of("audio-fr")).toBeUndefined();
});
