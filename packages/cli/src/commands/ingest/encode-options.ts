import { audio } from "./audio-option.ts";
import { burnSubtitle } from "./burn-subtitle-option.ts";
import { codec } from "./codec-option.ts";
import type { EncodeFields, EncodePart, ResolvePath } from "./encode-option.ts";
import { hw } from "./hardware-option.ts";
import { hdr } from "./hdr-option.ts";
import { ladder } from "./ladder-option.ts";
import { language } from "./language-option.ts";
import { loudness } from "./loudness-option.ts";
import { acceptProposedMarkers, marker, markers } from "./marker-option.ts";
import { preset } from "./preset-option.ts";
import { clearLead, keySet, protect } from "./protect-option.ts";
import { subtitle } from "./subtitle-option.ts";
import { tolerateErrors } from "./tolerate-errors-option.ts";

/**
 * Every option that decides an encode, for `flix ingest`, `flix preflight`, lists of titles and workers. A list of titles has the same names
 * in snake_case, and its values are read by the same words: `subtitle: { en: film.vtt }` and `subtitle: [en=film.vtt]` are
 * `--subtitle en=film.vtt`, `tolerate_errors: true` is `--tolerate-errors`.
 */
export const encodeOptions = {
  language,
  audio,
  loudness,
  subtitle,
  burnSubtitle,
  tolerateErrors,
  preset,
  ladder,
  codec,
  hdr,
  hw,
  protect,
  clearLead,
  keySet,
  marker,
  markers,
  acceptProposedMarkers,
};

export type EncodeChoice = Record<keyof typeof encodeOptions, EncodePart>;

/** The encoder's options that were given, and no others. */
export function encodeFieldsOf(choice: EncodeChoice): Promise<Partial<EncodeFields>> {
  // The command's other values come along with these.
  const own = Object.entries(choice).filter(([name]) => name in encodeOptions);
  return joinParts(
    own.map(([, part]) => part),
    (path) => path,
  );
}

/** Whether it says something that cannot hold for several films. */
export function isOfOneFilm(name: string): boolean {
  const option = Object.entries(encodeOptions).find(([known]) => known === name)?.[1];
  return option?.ofOneFilm ?? false;
}

export async function joinParts(
  parts: readonly EncodePart[],
  resolve: ResolvePath,
): Promise<Partial<EncodeFields>> {
  const fields = await Promise.all(parts.map((part) => part(resolve)));
  // The one field of two options: markers may be given singly and in a file.
  const markersOfAll = fields.flatMap((given) => given.markers ?? []);
  return Object.assign({}, ...fields, markersOfAll.length > 0 ? { markers: markersOfAll } : {});
}
