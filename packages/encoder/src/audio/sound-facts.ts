import { type JsonFields, jsonFields } from "../json-fields.ts";
import { type Loudness, type LoudnessTarget, loudnessTargets } from "./loudness.ts";

/** How one rendition came to sound as it does. */
export interface SoundFacts {
  id: string;
  /** Null where loudness was left as it is. */
  loudness: {
    targetLkfs: LoudnessTarget;
    input: Loudness;
    gainDb: number;
    /** Peaks were held under the ceiling. */
    limited: boolean;
    /** Of the encoded rendition. */
    output: Loudness;
  } | null;
}

export interface EncodedSound {
  facts: SoundFacts[];
  /** Of the encode. */
  argv: string[];
}

export function formatSound(sound: EncodedSound): string {
  return `${JSON.stringify(sound)}\n`;
}

/** Reads what `formatSound` wrote in an earlier run. */
export function parseSound(text: string): EncodedSound {
  const sound: unknown = JSON.parse(text);
  const argv: unknown = Reflect.get(Object(sound), "argv");
  return {
    facts: jsonFields(sound).list("facts").map(parseFacts),
    argv: Array.isArray(argv) ? argv.map(String) : [],
  };
}

function parseFacts(fields: JsonFields): SoundFacts {
  const loudness = fields.object("loudness");
  const targetLkfs = loudnessTargets.find((target) => target === loudness.number("targetLkfs"));
  const id = fields.text("id") ?? "";
  if (targetLkfs === undefined) return { id, loudness: null };
  const { gainDb, limited } = { gainDb: loudness.number("gainDb") ?? 0, limited: loudness.flag("limited") };
  const [input, output] = [parseLoudness(loudness.object("input")), parseLoudness(loudness.object("output"))];
  return { id, loudness: { targetLkfs, input, gainDb, limited, output } };
}

function parseLoudness(fields: JsonFields): Loudness {
  return {
    integratedLkfs: fields.number("integratedLkfs") ?? 0,
    rangeLu: fields.number("rangeLu") ?? 0,
    truePeakDbtp: fields.number("truePeakDbtp") ?? null,
  };
}
