import { startEmbeddedPostgres } from "../src/engines/postgres/embedded.ts";
import { PostgresError } from "../src/engines/postgres/errors.ts";

/**
 * A process that does nothing but hold the embedded server on the folder of its first argument, for tests that kill
 * it. It prints one line of JSON: where the server is, or which error kept it from starting. SIGTERM stops it, and
 * so does the end of its input, which is the end of whoever started it.
 */
try {
  const server = await startEmbeddedPostgres({ directory: process.argv[2] ?? "" });
  const stop = async () => {
    await server.stop();
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.stdin.once("end", () => void stop()).resume();
  console.log(JSON.stringify({ connectionString: server.connectionString }));
} catch (error) {
  if (!(error instanceof PostgresError)) throw error;
  console.log(JSON.stringify({ code: error.code, message: error.message }));
  process.exitCode = 1;
}
