import { basename, dirname, extname } from "node:path";
import type { TitleChoice } from "../wanted-title.ts";

/**
 * What a file's name says of its film: `Big Buck Bunny (2008).mkv`, `Big.Buck.Bunny.2008.1080p.mkv`, `Show S01E02 - Pilot.mkv`, and
 * `Show/Season 1/S01E02.mkv`, where the folder is the series.
 */
export function factsOfName(path: string): Partial<TitleChoice> {
  const name = basename(path, extname(path));
  const words = wordsOf(name).replace(/\b(\d{1,2})x(\d{2,3})\b/i, "S$1E$2");
  const [, before = "", season, episode, after = ""] = episodePattern.exec(words) ?? [];
  const show = season === undefined ? "" : splitYear(before, name).title || seriesOfFolder(path);
  if (show !== "") {
    const title = cutRelease(after.replace(/^[\s-]+/, "")) || `Episode ${Number(episode)}`;
    return { title, series: { name: show }, season: Number(season), episode: Number(episode) };
  }
  const { title, year } = splitYear(words, name);
  return { title: cutRelease(title) || words, ...(year === undefined ? {} : { year }) };
}

/** `S01E02`, `s1e2`; `1x02` is read as these. */
const episodePattern = /^(|.*?[\s-])s(\d{1,3})\s?e(\d{1,4})(|\D.*)$/i;
const year = "((?:18[7-9]|19\\d|20\\d|21\\d)\\d)";
const yearInBrackets = new RegExp(`^(.+?)\\s*[([]${year}[)\\]]`);
const lastYear = new RegExp(`^(.+)\\s${year}(?:\\s|$)`);

/** Names without blanks have dots or underscores in their place. */
function wordsOf(name: string): string {
  const spaced = name.includes(" ") ? name : name.replaceAll(/[._]+/g, " ");
  return spaced.replaceAll(/\s+/g, " ").trim();
}

/** Without brackets a number counts as the year only in a name that has dots for blanks: `Blade Runner 2049` is a title. */
function splitYear(words: string, name: string): { title: string; year?: number } {
  const found = yearInBrackets.exec(words) ?? (name.includes(" ") ? null : lastYear.exec(words));
  if (!found) return { title: trimmed(words) };
  return { title: trimmed(found[1] ?? ""), year: Number(found[2]) };
}

/** What follows the title in the names of releases, and what stands in brackets. */
function cutRelease(title: string): string {
  const release =
    /[\s([-]+(?:\d{3,4}[pi]|4k|uhd|hdr10?|x26[45]|h\.?26[45]|hevc|prores|web-?dl|blu-?ray|remux)\b.*$/i;
  return trimmed(title.replace(release, "").replaceAll(/\s*\[[^\]]*\]/g, ""));
}

function seriesOfFolder(path: string): string {
  const folder = dirname(path);
  const name = basename(folder);
  const show = /^(season|series|staffel|saison)\s*\d+$/i.test(name) ? basename(dirname(folder)) : name;
  return show === "." || show === ".." ? "" : splitYear(wordsOf(show), show).title;
}

function trimmed(text: string): string {
  return text.replace(/^[\s._-]+|[\s._([-]+$/g, "");
}
