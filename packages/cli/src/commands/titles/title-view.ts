import type { Title } from "../../resources.ts";
import type { Column, Field } from "../../table.ts";
import { durationText, timeText, yesOrNo } from "../../wording.ts";

export const titleColumns: readonly Column<Title>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "TITLE", value: ({ title }) => title, flexible: true },
  { header: "KIND", value: ({ kind }) => kind },
  { header: "YEAR", value: ({ release_year: year }) => year },
  { header: "STATE", value: ({ state }) => state },
  { header: "LENGTH", value: ({ duration_seconds: seconds }) => durationText(seconds), align: "right" },
];

export function titleFields(title: Title): readonly Field[] {
  const { maturity, episode } = title;
  return [
    ["ID", title.id],
    ["Title", title.title],
    ["Kind", title.kind],
    ["State", title.state],
    ["Year", title.release_year],
    ["Series", episode?.series_id],
    ["Episode", episode && `season ${episode.season_number}, episode ${episode.episode_number}`],
    ["Language", title.original_language],
    ["Genres", title.genres.join(", ")],
    ["Rating", maturity && `${maturity.value} (${maturity.system}), from ${maturity.minimum_age}`],
    ["Available", availabilityText(title)],
    ["Playable", yesOrNo(title.playable)],
    ["Length", durationText(title.duration_seconds)],
    ["Synopsis", title.synopsis],
    ["Published", timeText(title.published_at)],
    ["Created", timeText(title.created_at)],
    ["Updated", timeText(title.updated_at)],
  ];
}

function availabilityText({ availability }: Title): string {
  if (availability.length === 0) return "everywhere";
  return availability
    .map(({ territories, starts_at: from, ends_at: to }) => {
      const where = territories.length > 0 ? territories.join(", ") : "everywhere";
      return [where, from && `from ${timeText(from)}`, to && `until ${timeText(to)}`]
        .filter(Boolean)
        .join(" ");
    })
    .join("; ");
}
