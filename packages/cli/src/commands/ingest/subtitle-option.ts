import type { SubtitleFile } from "@flix/encoder";
import type { Kind } from "../../kinds.ts";
import { repeated } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";
import { parseFileInLanguage } from "./file-in-language.ts";

const subtitleFile: Kind<SubtitleFile> = {
  parse: (word) => parseFileInLanguage(word, ["forced", "sdh"]),
  expects: "must be a language and a file such as en=film.en.vtt, en:forced=foreign.srt or en:sdh=film.ttml",
};

export const subtitle = encodeOption(
  repeated(
    "tag[:role]=file",
    subtitleFile,
    "A WebVTT, SRT or TTML file; its role may be forced (for foreign speech) or sdh (tells sounds too)",
  ),
  (files, resolve) => ({ subtitles: files.map((file) => ({ ...file, path: resolve(file.path) })) }),
  { ofOneFilm: true },
);
