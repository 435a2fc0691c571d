import type { MarkerInput } from "@flix/encoder";
import type { Kind } from "../../kinds.ts";

/** The encoder's own, which loads ffmpeg's wrapper with it: too much for a page of help. */
export const kindsOfMarkers = ["intro", "recap", "credits"] as const;

/** `intro=00:01:05-00:02:10`, `credits=01:32:00`; which times there are is the encoder's to say. */
export const markerWord: Kind<MarkerInput> = {
  parse(word) {
    const [, name, start = "", end] = /^([a-z]+)=([^-]+)(?:-([^-]+))?$/.exec(word) ?? [];
    const kind = kindsOfMarkers.find((known) => known === name);
    if (!kind) return undefined;
    return { kind, start: start.trim(), ...(end === undefined ? {} : { end: end.trim() }) };
  },
  expects:
    "must be intro, recap or credits and its times such as intro=00:01:05-00:02:10 or credits=01:32:00",
};
