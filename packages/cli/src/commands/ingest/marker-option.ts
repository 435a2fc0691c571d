import { flag, repeated, optional } from "../../parameters.ts";
import { text } from "../../kinds.ts";
import { encodeOption } from "./encode-option.ts";
import { markerWord } from "./marker-words.ts";
import { readMarkersFile } from "./markers-file.ts";

const ofOneFilm = { ofOneFilm: true };

export const marker = encodeOption(
  repeated(
    "kind=from-to",
    markerWord,
    "Where the intro, the recap or the credits are, in seconds, HH:MM:SS or the master's timecode; credits go on to the end",
  ),
  (markers) => ({ markers }),
  ofOneFilm,
);

export const markers = encodeOption(
  optional("file", text, "The same from a YAML or JSON file"),
  async (path, resolve) => (path === undefined ? {} : { markers: await readMarkersFile(resolve(path)) }),
  ofOneFilm,
);

export const acceptProposedMarkers = encodeOption(
  flag("Mark the credits that the encoder finds, unseen"),
  (accept) => ({ acceptProposedMarkers: accept }),
);
