import { basename, dirname, extname, join } from "node:path";
import { languageTag } from "../../../kinds.ts";

/** The words of the options that a film's sidecars stand for. */
export interface Sidecars {
  subtitle: string[];
  audio: string[];
}

interface SidecarKind {
  option: keyof Sidecars;
  extensions: readonly string[];
  /** What follows the language in a file's name, and the role that it is. */
  roles: Readonly<Record<string, string>>;
}

/** Containers that the encoder's programs read. */
const filmExtensions =
  ".3gp .avi .dv .flv .m2t .m2ts .m2v .m4v .mj2 .mkv .mov .mp4 .mpeg .mpg .mts .mxf .ogv .ts .vob .webm .wmv".split(
    " ",
  );
const kinds: readonly SidecarKind[] = [
  {
    option: "subtitle",
    extensions: ".srt .ttml .vtt .dfxp".split(" "),
    roles: { forced: "forced", sdh: "sdh", cc: "sdh", hi: "sdh" },
  },
  {
    option: "audio",
    extensions: ".aac .ac3 .eac3 .flac .m4a .mka .mp3 .opus .wav".split(" "),
    roles: { commentary: "commentary", description: "description", ad: "description" },
  },
];

export function isFilm(path: string): boolean {
  return filmExtensions.includes(extname(path).toLowerCase());
}

/**
 * Sidecars lie beside their film and begin with its name: `Film.fr.srt`, `Film.fr.forced.srt`, `Film.de.wav`. Those that belong to no film are answered
 * too, for a spelling mistake must not cost a film its subtitles unseen.
 */
export function findSidecars(
  films: readonly string[],
  files: readonly string[],
): { of: ReadonlyMap<string, Sidecars>; leftOver: string[] } {
  const byStem = new Map(films.map((film) => [stemOf(film), film]));
  const found = new Map(films.map((film): [string, Sidecars] => [film, { subtitle: [], audio: [] }]));
  const leftOver: string[] = [];
  for (const file of files) {
    const kind = kinds.find(({ extensions }) => extensions.includes(extname(file).toLowerCase()));
    if (!kind) continue;
    const [film, tags] = ownerOf(file, byStem);
    const word = tags && wordOf(tags, file, kind);
    const own = film === undefined ? undefined : found.get(film);
    if (own && word !== undefined) own[kind.option].push(word);
    else leftOver.push(file);
  }
  return { of: found, leftOver };
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

/** `fr` or `fr.forced`, as the command line takes it. */
function wordOf(
  [tag = "", role, ...more]: readonly string[],
  file: string,
  { roles }: SidecarKind,
): string | undefined {
  const language = languageTag.parse(tag);
  if (language === undefined || more.length > 0) return undefined;
  if (role === undefined) return `${language}=${file}`;
  const known = roles[role.toLowerCase()];
  return known === undefined ? undefined : `${language}:${known}=${file}`;
}

function stemOf(path: string): string {
  return join(dirname(path), basename(path, extname(path)));
}
