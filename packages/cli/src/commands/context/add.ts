import { defineCommand } from "../../command.ts";
import type { SavedContext } from "../../config.ts";
import { usageError } from "../../errors.ts";
import { httpUrl, text } from "../../kinds.ts";
import { flag, optional, required } from "../../parameters.ts";
import { readSecret } from "../../secret-input.ts";
import { contextName } from "./context-name.ts";

export const addContext = defineCommand({
  details:
    "With --client-id the context signs in as that machine client; its secret is asked for, or read from standard input. Without, sign in with `flix login --context <name>`.",
  arguments: {
    name: required("name", contextName, "How you will call it"),
    url: required("url", httpUrl, "Its address"),
  },
  options: {
    clientId: optional("id", text, "A machine client's id"),
    secretStdin: flag("Read the client's secret from standard input"),
    use: flag("Make it the current one"),
  },
  examples: [
    {
      command: "flix context add production https://flix.example --use",
      does: "Save a platform and go there",
    },
    {
      command:
        "flix context add ci https://flix.example --client-id cli_01k9v3c4x5e6f7g8h9j0kmnpqr --secret-stdin < secret",
      does: "As a machine client",
    },
  ],
  async run({ name, url, clientId, secretStdin, use }, { config, host, output, signal }) {
    if (secretStdin && clientId === undefined) throw usageError("--secret-stdin needs --client-id", "");
    const context: SavedContext = { server: url };
    if (clientId !== undefined) {
      const clientSecret = await readSecret("The client's secret", { fromStdin: secretStdin, host, signal });
      if (clientSecret === undefined)
        throw usageError("The client's secret is missing", "Add --secret-stdin.");
      context.credentials = { kind: "client", clientId, clientSecret };
    }
    const saved = await config.change((before) => {
      if (before.contexts[name])
        throw usageError(`There is a context "${name}" already`, "Choose another name.");
      const current = use ? name : (before.current ?? name);
      return { ...before, current, contexts: { ...before.contexts, [name]: context } };
    });
    const current = saved.current === name;
    output.data({ name, server: url, current }, `Saved ${name} (${url})${current ? ", now in use" : ""}.`);
  },
});
