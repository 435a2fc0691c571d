import type { EncodeOptions } from "@flix/encoder";
import { oneOf } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

const targets: Readonly<Record<"-24" | "-27" | "off", EncodeOptions["loudness"]>> = {
  "-24": -24,
  "-27": -27,
  off: "off",
};

export const loudness = encodeOption(
  optional(
    "lkfs",
    oneOf(["-24", "-27", "off"]),
    "What all sound is brought to, measured by EBU R128 (default: -24)",
  ),
  (word) => (word === undefined ? {} : { loudness: targets[word] }),
);
