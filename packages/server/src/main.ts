import { EngineFaults } from "./all-together.ts";
import { ConfigError, readConfig } from "./config.ts";
import { EventsError } from "./engines/events/errors.ts";
import { ObjectsError } from "./engines/objects/errors.ts";
import { PostgresError } from "./engines/postgres/index.ts";
import { createLog } from "./kernel/log.ts";
import { SecretError } from "./kernel/secret.ts";
import { startServer, StartError } from "./start-server.ts";

/** Container platforms kill what takes longer, usually at 30 s. */
const endsWithinMs = 25_000;

/**
 * `flix-server`: configuration from the environment, logs on standard output. SIGTERM or SIGINT drains; another SIGINT
 * ends the process at once, and with it the embedded PostgreSQL, by its watchdog.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const server = await startServer({ config, log });
  log.info({ url: server.url, modules: config.modules }, "serving");
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      if (signal === "SIGINT") process.exit(130);
      return;
    }
    stopping = true;
    log.info({ signal }, "draining");
    setTimeout(() => {
      log.error("could not stop in time");
      process.exit(1);
    }, endsWithinMs).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

main().catch((error: unknown) => {
  if (error instanceof StartError) console.error(`${error.message}\n${error.fix}`);
  else if (isExplained(error)) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
});

/** Its message says what to do; where in our code it came from helps nobody. */
function isExplained(error: unknown): error is Error {
  if (error instanceof EngineFaults) return error.faults.every(isExplained);
  return [ConfigError, EventsError, ObjectsError, PostgresError, SecretError].some(
    (kind) => error instanceof kind,
  );
}
