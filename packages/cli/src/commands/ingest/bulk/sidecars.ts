import { basename, dirname, extname, join } from "node:path";
import { languageTag } from "../../../kinds.ts";

/** The words of the options that a film's sidecars stand for. */
export interface Sidecars {
  subtitle: string[];
}

/** Containers that the encoder's programs read. */
const filmExtensions =
  ".3gp .avi .dv .flv .m2t .m2ts .m2v .m4v .mj2 .mkv .mov .mp4 .mpeg .mpg .mts .mxf .ogv .ts .vob .webm .wmv".split(
    " ",
  );
const subtitleExtensions = ".srt .ttml .vtt .dfxp".split(" ");
const subtitleRoles: Readonly<Record<string, string>> = {
  forced: "forced",
  sdh: "sdh",
  cc: "sdh",
  hi: "sdh",
};

export function isFilm(path: string): boolean {
  return filmExtensions.includes(extname(path).toLowerCase());
}

/**
 * Sidecars lie beside their film and begin with its name: `Film.fr.srt`, `Film.fr.forced.srt`. Those that belong to no film are answered
 * too, for a spelling mistake must not cost a film its subtitles unseen.
 */
export function findSidecars(
  films: readonly string[],
  files: readonly string[],
): { of: ReadonlyMap<string, Sidecars>; leftOver: string[] } {
  const byStem = new Map(films.map((film) => [stemOf(film), film]));
  const found = new Map(films.map((film): [string, Sidecars] => [film, { subtitle: [] }]));
  const leftOver: string[] = [];
  for (const file of files.filter(isSubtitle)) {
    const [film, tags] = ownerOf(file, byStem);
    const word = tags && subtitleWord(tags, file);
    const own = film === undefined ? undefined : found.get(film);
    if (own && word !== undefined) own.subtitle.push(word);
    else leftOver.push(file);
  }
  return { of: found, leftOver };
}

function isSubtitle(path: string): boolean {
  return subtitleExtensions.includes(extname(path).toLowerCase());
}

/** The film whose name the file's begins with, and the words after it: from the longest name down, for `Film.2.fr.srt` is of `Film.2`. */
function ownerOf(
  file: string,
  byStem: ReadonlyMap<string, string>,
): [film: string | undefined, tags: string[] | undefined] {
  const stem = stemOf(file);
  for (let end = stem.lastIndexOf("."); end > dirname(file).length; end = stem.lastIndexOf(".", end - 1)) {
    const film = byStem.get(stem.slice(0, end));
    if (film !== undefined) return [film, stem.slice(end + 1).split(".")];
  }
  return [undefined, undefined];
}

/** `fr` or `fr.forced`, as `--subtitle` takes it. */
function subtitleWord([tag = "", role, ...more]: readonly string[], file: string): string | undefined {
  const language = languageTag.parse(tag);
  if (language === undefined || more.length > 0) return undefined;
  if (role === undefined) return `${language}=${file}`;
  const known = subtitleRoles[role.toLowerCase()];
  return known === undefined ? undefined : `${language}:${known}=${file}`;
}

function stemOf(path: string): string {
  return join(dirname(path), basename(path, extname(path)));
}
