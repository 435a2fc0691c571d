import { defineCommand } from "../../command.ts";
import { id, languageTag } from "../../kinds.ts";
import { optional, required } from "../../parameters.ts";
import { titleFields } from "./title-view.ts";

export const getTitle = defineCommand({
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: { language: optional("tag", languageTag, "Language of title and synopsis") },
  examples: [
    { command: "flix titles get ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Show a title" },
    { command: "flix titles get ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --json", does: "The whole resource" },
  ],
  async run({ titleId, language }, { connect, output }) {
    const flix = await connect();
    output.record(await flix.getTitle({ title_id: titleId, language }), titleFields);
  },
});
