import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { flag, required } from "../../parameters.ts";

export const exportKeySet = defineCommand({
  details:
    "Prints the keys themselves, for another packager or a license server. Whoever has them can decrypt the title; that they were told is recorded.",
  arguments: { keySetId: required("key-set-id", id("kst"), "The key set") },
  options: { cpix: flag("As a CPIX 2.3 document, in place of a table") },
  examples: [
    {
      command: "flix keys export kst_01k9v3c4x5e6f7g8h9j0kmnpqr --cpix > film.cpix.xml",
      does: "For a packager that reads CPIX",
    },
  ],
  async run({ keySetId, cpix }, { connect, output }) {
    const flix = await connect();
    const told = await flix.exportKeySet({ key_set_id: keySetId });
    if (cpix && !output.json) return output.data(told, told.cpix);
    if (output.json) return output.data(told, "");
    output.table(
      told.keys,
      [
        { header: "KEY ID", value: ({ key_id }) => key_id },
        { header: "TIER", value: ({ tier }) => tier },
        { header: "KEY", value: ({ key }) => key },
      ],
      "The set has no keys.",
    );
  },
});
