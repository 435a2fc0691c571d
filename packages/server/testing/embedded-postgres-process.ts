import { startEmbeddedPostgres } from "../src/engines/postgres/embedded.ts";
import { PostgresError } from "../src/engines/postgres/errors.ts";

/**
 * A process that does nothing but hold the embedded server on the folder of its first argument, for tests that kill
 * it. It prints one line of JSON: where the server is, or which error kept it from starting. SIGTERM stops it.
 */
try {
  const server = await startEmbeddedPostgres({ directory: process.argv[2] ?? "" });
  process.once("SIGTERM", () => {
    clearInterval(running);
    void server.stop();
  });
  const running = setInterval(() => {}, 60_000);
  console.log(JSON.stringify({ connectionString: server.connectionString }));
} catch (error) {
  if (!(error instanceof PostgresError)) throw error;
  console.log(JSON.stringify({ code: error.code, message: error.message }));
  process.exitCode = 1;
}
