import type { Warning } from "../errors.ts";
import type { SoundFacts } from "./sound-facts.ts";

/** What an operator should hear of the loudness that came out. */
export function soundWarnings(facts: readonly SoundFacts[]): Warning[] {
  return facts.flatMap(({ id, loudness }): Warning[] => {
    if (!loudness) return [];
    const { targetLkfs, input, output, gainDb, limited } = loudness;
    if (input.truePeakDbtp === null) {
      return [{ code: "loudness_not_measurable", message: `${id} is silent.` }];
    }
    const off = Math.abs(output.integratedLkfs - targetLkfs);
    const came = `${id} came to ${output.integratedLkfs.toFixed(1)} LKFS`;
    if (limited) {
      const peak = (input.truePeakDbtp + gainDb).toFixed(1);
      const message = `${came}; its peaks, which a gain of ${gainDb.toFixed(1)} dB would bring to ${peak} dBTP, are held at -2.`;
      return [{ code: "loudness_limited", message }];
    }
    if (off <= 1) return [];
    return [
      {
        code: "loudness_not_measurable",
        message: `${came}, not to ${targetLkfs}: it is too short or too quiet.`,
      },
    ];
  });
}
