import { defineCommand } from "../command.ts";
import type { Config, SignIn } from "../config.ts";
import { contextNameOf } from "./context/name-of-server.ts";
import { openInBrowser } from "../browser.ts";
import { isInteractive } from "../host.ts";
import { flag } from "../parameters.ts";
import { printable } from "../printable.ts";
import { withSpinner } from "../spinner.ts";
import { chooseServer } from "../target.ts";

/** The server's public client for the device flow. */
const clientId = "flix-cli";

export const login = defineCommand({
  details:
    "Shows an address and a code; open the one on any device and enter the other. A script signs in without it: with FLIX_CLIENT_ID and FLIX_CLIENT_SECRET, or FLIX_TOKEN.",
  options: { codeOnly: flag("Open no browser") },
  examples: [
    {
      command: "flix login --server https://flix.example",
      does: "Sign in, and save the platform as a context",
    },
    { command: "flix login", does: "Sign in again to the current platform" },
  ],
  async run({ codeOnly }, context) {
    const { config, globals, host, output, signal } = context;
    const saved = await config.read();
    const { server, context: known } = chooseServer(globals, host.env, saved);
    const sdk = await import("@flix/sdk");
    const options = { server, clientId, signal };
    const started = await sdk.startDeviceSignIn({ ...options, scopes: [] });
    const address = started.verificationUriComplete ?? started.verificationUri;
    output.event(
      { event: "sign_in", verification_uri: address, user_code: started.userCode },
      `Open ${printable(address)}\nand check that it shows the code ${printable(started.userCode)}`,
    );
    if (isInteractive(host) && !codeOnly) openInBrowser(address);
    const tokens = await withSpinner("Waiting for you to agree", context, () =>
      sdk.finishDeviceSignIn({ ...options, started }),
    );
    const name = contextFor(known, server, saved);
    await config.change((before) => withSignIn(before, name, server, { kind: "person", clientId, tokens }));
    const who = await sdk.createFlix({ server, token: tokens.accessToken }).getWhoami();
    output.data(
      { context: name, server, ...who },
      `Signed in to ${server} as ${printable(who.name)}; the context is ${name}.`,
    );
  },
});

/** The context that the person signed in to before; a machine client's, as `flix up` makes one, keeps its credentials. */
function contextFor(known: string | undefined, server: string, saved: Config): string {
  const isMachines = known !== undefined && saved.contexts[known]?.credentials?.kind === "client";
  return known === undefined || isMachines ? contextNameOf(server, saved) : known;
}

function withSignIn(config: Config, name: string, server: string, credentials: SignIn): Config {
  return { current: name, contexts: { ...config.contexts, [name]: { server, credentials } } };
}
