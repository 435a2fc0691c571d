import { flag } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

export const hdr = encodeOption(
  flag(
    "Of an HDR master, also renditions in HDR (10 bits), in hevc or in the codecs of --codec that carry it",
  ),
  (wanted) => ({ hdr: wanted }),
);
