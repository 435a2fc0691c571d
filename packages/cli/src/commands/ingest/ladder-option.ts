import { text } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";
import { readLadderFile } from "./ladder-file.ts";

export const ladder = encodeOption(
  optional(
    "fixed|per-title|file",
    text,
    "Rungs: Apple's, the film's own, or those of a YAML or JSON file (default: the film's own, where it is long enough)",
  ),
  async (choice, resolve) => {
    if (choice === undefined || choice === "fixed" || choice === "per-title") return { ladder: choice };
    return { ladder: await readLadderFile(resolve(choice)) };
  },
);
