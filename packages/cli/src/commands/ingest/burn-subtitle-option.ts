import type { EncodeOptions } from "@flix/encoder";
import { type Kind, languageTag } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

const track: Kind<NonNullable<EncodeOptions["burnSubtitle"]>> = {
  parse: (word) => (/^\d{1,3}$/.test(word) ? Number(word) : languageTag.parse(word)),
  expects:
    "must be the number of a subtitle track, as `flix preflight` shows it, or its language, such as en",
};

export const burnSubtitle = encodeOption(
  optional(
    "track",
    track,
    "Draw a subtitle of the master that is pictures (PGS, VobSub, DVB) into the film: its number or its language",
  ),
  (burned) => ({ burnSubtitle: burned }),
  { ofOneFilm: true },
);
