import { defineCommand } from "../command.ts";
import { notSignedIn } from "../errors.ts";
import type { Whoami } from "../resources.ts";
import type { Field } from "../table.ts";
import { timeText } from "../wording.ts";

export const whoami = defineCommand({
  examples: [
    { command: "flix whoami", does: "Who you are on the current platform" },
    { command: "flix whoami --json | jq -r '.scopes[]'", does: "What you may do" },
  ],
  async run(_, { connect, output, target }) {
    const { server, context, credentials } = await target();
    if (!credentials) throw notSignedIn(`Nobody is signed in to ${server}`);
    const flix = await connect();
    output.record(await flix.getWhoami(), (who) => fields(who, server, context));
  },
});

function fields(who: Whoami, server: string, context: string | undefined): readonly Field[] {
  return [
    ["Name", who.name],
    ["Kind", who.kind],
    ["ID", who.id],
    ["Email", who.email],
    ["Role", who.role],
    ["Scopes", who.scopes.join(", ")],
    ["Token until", timeText(who.expires_at)],
    ["Server", server],
    ["Context", context],
  ];
}
