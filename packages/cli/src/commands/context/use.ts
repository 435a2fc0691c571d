import { defineCommand } from "../../command.ts";
import { text } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { noSuchContext } from "../../target.ts";

export const useContext = defineCommand({
  arguments: { name: required("name", text, "The context") },
  examples: [{ command: "flix context use production", does: "From now on, commands go there" }],
  async run({ name }, { config, output }) {
    const { contexts } = await config.change((saved) => {
      if (!saved.contexts[name]) throw noSuchContext(name, saved);
      return { ...saved, current: name };
    });
    const server = contexts[name]?.server ?? "";
    output.data({ name, server, current: true }, `Now using ${name} (${server}).`);
  },
});
