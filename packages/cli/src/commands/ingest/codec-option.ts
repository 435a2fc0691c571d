import type { VideoCodec } from "@flix/encoder";
import type { Kind } from "../../kinds.ts";
import { repeated } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

const codecs: readonly VideoCodec[] = ["h264", "hevc", "av1"];

/** `av1`, or several with commas between them. */
const codecList: Kind<VideoCodec[]> = {
  parse(word) {
    const wanted = word.split(",").map((name) => codecs.find((codec) => codec === name.trim()));
    return wanted.every((codec) => codec !== undefined) ? wanted : undefined;
  },
  expects: `must be of ${codecs.join(", ")}, with commas between them`,
};

export const codec = encodeOption(
  repeated("codecs", codecList, "Beside h264, which is always there: hevc, av1, each with rungs of its own"),
  (lists) => ({ codecs: lists.flat() }),
);
