import { once } from "node:events";
import type { RunningServer } from "@flix/server";
import { defineCommand } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { integer, oneOf, text } from "../kinds.ts";
import { optional } from "../parameters.ts";
import { withSpinner } from "../spinner.ts";

const logLevels = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
const contextName = "local";

export const up = defineCommand({
  details:
    "With nothing configured it brings its own PostgreSQL and keeps everything in one folder; the environment names other engines, such as DATABASE_URL. Until Ctrl-C, which lets requests end first. The context `local` becomes the current one, with the rights of an admin.",
  options: {
    port: optional(
      "port",
      integer(0, 65_535),
      "Where to listen, 0 for any free one (FLIX_PORT; default: 8080)",
    ),
    data: optional("folder", text, "Where everything is kept (FLIX_DATA; default: .flix)"),
    host: optional("address", text, "Which address to listen on (FLIX_HOST; default: 127.0.0.1)"),
    log: optional("level", oneOf(logLevels), "How much is logged to stderr (FLIX_LOG_LEVEL; default: warn)"),
  },
  examples: [
    { command: "flix up", does: "A platform at http://localhost:8080" },
    { command: "flix up --port 9000 --data /srv/flix --log info", does: "Elsewhere, and chattier" },
  ],
  async run({ port, data, host: address, log: level }, context) {
    const { host, output, signal } = context;
    const { createLog, readConfig, startServer } = await import("@flix/server");
    const { env } = host;
    const config = readConfig({
      ...env,
      FLIX_PORT: port === undefined ? env["FLIX_PORT"] : String(port),
      FLIX_DATA: data ?? env["FLIX_DATA"],
      FLIX_HOST: address ?? env["FLIX_HOST"],
      FLIX_LOG_LEVEL: level ?? (env["FLIX_LOG_LEVEL"] || "warn"),
    });
    const log = createLog(config.logLevel, host.stderr);
    const server = await withSpinner("Starting the platform", context, () => startServer({ config, log }));
    try {
      await saveContext(server, context);
      const { url } = server;
      output.data({ url, docs: `${url}/docs`, data: config.dataDirectory, context: contextName }, () =>
        welcome(url, config.dataDirectory),
      );
      if (!signal.aborted) await once(signal, "abort");
      output.note("Stopping: requests that run may end, 25 s at most.");
    } finally {
      await server.stop();
    }
  },
});

/** Every start makes new credentials: those of the start before are of no more use. */
async function saveContext(
  { url, provisionLocalOperator }: RunningServer,
  { config }: CommandContext,
): Promise<void> {
  const credentials = { kind: "client", ...(await provisionLocalOperator()) } as const;
  await config.change(({ contexts }) => ({
    current: contextName,
    contexts: { ...contexts, [contextName]: { server: url, credentials } },
  }));
}

function welcome(url: string, data: string): string {
  return `
flix is up.

  Watch     ${url}/
  Contract  ${url}/docs
  Data      ${data}
  Context   ${contextName}, now in use by every flix command

In another terminal:  flix ingest film.mp4 --title "My film" --publish
Ctrl-C stops the platform.
`;
}
