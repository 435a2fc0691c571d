import { dryRunOption, noteChange, requireSome } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id, text } from "../../kinds.ts";
import { optional, required } from "../../parameters.ts";
import { titleBodyOf, titleOptions } from "./title-options.ts";
import { titleFields } from "./title-view.ts";

export const updateTitle = defineCommand({
  details: "Only what is given changes; genres and territories replace those that were there.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: {
    title: optional("title", text, "Its name, in the original language"),
    ...titleOptions,
    ...dryRunOption,
  },
  examples: [
    { command: "flix titles update ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --rating FSK:12", does: "Set the rating" },
    {
      command: "flix titles update ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --genre drama --genre war --dry-run",
      does: "Check new genres first",
    },
  ],
  async run({ titleId, title, dryRun, ...facts }, { connect, output }) {
    const body = { title, ...titleBodyOf(facts) };
    requireSome(body, "--title, --year, --genre, --rating, --language, --synopsis, --territory");
    const flix = await connect();
    const { etag } = await flix.getTitle({ title_id: titleId });
    const updated = await flix.updateTitle({ title_id: titleId, etag, validate_only: dryRun, body });
    output.record(updated, titleFields);
    noteChange(output, dryRun, `Changed ${updated.title}.`);
  },
});
