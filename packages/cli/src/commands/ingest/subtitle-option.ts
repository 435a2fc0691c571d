import type { SubtitleFile } from "@flix/encoder";
import { languageTag, type Kind } from "../../kinds.ts";
import { repeated } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

/** `en=film.en.vtt` */
const subtitleFile: Kind<SubtitleFile> = {
  parse(word) {
    const [, tag = "", path] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
    const spoken = languageTag.parse(tag);
    return spoken === undefined || path === undefined ? undefined : { language: spoken, path };
  },
  expects: "must be a language and a file such as en=film.en.vtt",
};

export const subtitle = encodeOption(
  repeated("tag=file", subtitleFile, "A WebVTT or SRT file and its language"),
  (files, resolve) => ({ subtitles: files.map((file) => ({ ...file, path: resolve(file.path) })) }),
  { ofOneFilm: true },
);
