import type { AudioFileOption } from "@flix/encoder";
import type { Kind } from "../../kinds.ts";
import { repeated } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";
import { parseFileInLanguage } from "./file-in-language.ts";

/** `fr=film.wav`; with `#2` at its end, the second sound track of the file. */
const audioFile: Kind<AudioFileOption> = {
  parse(word) {
    const file = parseFileInLanguage(word, ["commentary", "description"]);
    const [, path, track] = /^(.+)#(\d{1,2})$/s.exec(file?.path ?? "") ?? [];
    return file && path !== undefined && Number(track) > 0 ? { ...file, path, track: Number(track) } : file;
  },
  expects: "must be a language and a file such as fr=film.fr.wav, en:commentary=talk.flac or de=tracks.mka#2",
};

export const audio = encodeOption(
  repeated(
    "tag[:role]=file",
    audioFile,
    "Sound beside the master's; its role may be commentary or description; #2 chooses the file's second track",
  ),
  (files, resolve) => ({ audioFiles: files.map((file) => ({ ...file, path: resolve(file.path) })) }),
  { ofOneFilm: true },
);
