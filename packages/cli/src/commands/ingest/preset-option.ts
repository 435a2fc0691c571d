import type { Preset } from "@flix/encoder";
import { oneOf } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

/** The encoder's own, which loads ffmpeg's wrapper with it: too much for a page of help. */
const presets = [
  "ultrafast",
  "superfast",
  "veryfast",
  "faster",
  "fast",
  "medium",
  "slow",
  "slower",
] as const satisfies readonly Preset[];

export const preset = encodeOption(
  optional("preset", oneOf(presets), "x264's; a slower one makes smaller files (default: faster)"),
  (name) => ({ preset: name }),
);
