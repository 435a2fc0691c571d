import type { HardwareChoice } from "@flix/encoder";
import { oneOf } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

const choices = [
  "none",
  "auto",
  "nvenc",
  "vaapi",
  "qsv",
  "videotoolbox",
] as const satisfies readonly HardwareChoice[];

export const hw = encodeOption(
  optional("family", oneOf(choices), "Encode with this hardware; auto takes what works here (default: none)"),
  (hardware) => ({ hardware }),
);
