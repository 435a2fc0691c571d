import type { Title } from "../artwork/artwork.ts";

/** `1 h 35 min`, `42 min`, `30 sec`: as long as it is, no more exact than it matters. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} sec`;
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `science-fiction` as people write it. */
export function genreName(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

type Facts = Pick<Title, "kind" | "release_year" | "maturity" | "duration_seconds" | "genres" | "episode">;

/** What stands under a title's name, in order; what is not known is left out. */
export function factsOf({ kind, release_year, duration_seconds, genres, episode }: Facts): string[] {
  return [
    ...(release_year === undefined ? [] : [String(release_year)]),
    ...(kind === "series" ? ["Series"] : []),
    ...(episode === undefined ? [] : [episodeNumber(episode)]),
    ...(duration_seconds === undefined ? [] : [formatDuration(duration_seconds)]),
    ...(genres.length === 0 ? [] : [genres.slice(0, 3).map(genreName).join(", ")]),
  ];
}

export function episodeNumber({
  season_number,
  episode_number,
}: Pick<NonNullable<Title["episode"]>, "season_number" | "episode_number">): string {
  return `S${season_number} E${episode_number}`;
}

/** `1:02:09`, `12:05`: what a clock on a player shows. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const pad = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
