import { ConfigError, readConfig } from "./config.ts";
import { PostgresError } from "./engines/postgres/index.ts";
import { createLog } from "./kernel/log.ts";
import { startServer, StartError } from "./start-server.ts";

/** `flix-server`: configuration from the environment, logs on standard output, SIGTERM drains. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const server = await startServer({ config, log });
  log.info({ url: server.url, modules: config.modules }, "serving");
  const stop = (signal: string) => {
    log.info({ signal }, "draining");
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError || error instanceof PostgresError) console.error(error.message);
  else if (error instanceof StartError) console.error(`${error.message}\n${error.fix}`);
  else console.error(error);
  process.exitCode = 1;
});
