import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id, integer, oneOf, text } from "../../kinds.ts";
import { optional, required, withDefault } from "../../parameters.ts";
import { episodeOf } from "./episode-place.ts";
import { titleBodyOf, titleOptions } from "./title-options.ts";
import { titleFields } from "./title-view.ts";

export const createTitle = defineCommand({
  details: "For a film with its file at hand, `flix ingest` creates the title too.",
  options: {
    title: required("title", text, "Its name, in the original language"),
    kind: withDefault("kind", oneOf(["film", "series", "episode"]), "film", "What it is"),
    series: optional("title-id", id("ttl"), "Of an episode: its series"),
    season: optional("n", integer(0, 1000), "Of an episode: its season"),
    episode: optional("n", integer(0, 100_000), "Of an episode: its number in the season"),
    ...titleOptions,
    ...dryRunOption,
  },
  examples: [
    { command: "flix titles create --title Sintel --year 2010 --genre fantasy --rating PG", does: "A film" },
    {
      command:
        "flix titles create --title Pilot --kind episode --series ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --season 1 --episode 1",
      does: "An episode of a series",
    },
  ],
  async run({ title, kind, series, season, episode, dryRun, ...facts }, { connect, output }) {
    const place = episodeOf({ series, season, episode });
    const flix = await connect();
    const body = { kind: place ? "episode" : kind, title, episode: place, ...titleBodyOf(facts) } as const;
    const created = await flix.createTitle({ validate_only: dryRun, body });
    output.record(created, titleFields);
    noteChange(output, dryRun, `Created ${created.title}.`);
  },
});
