/** The platform under load, in a process of its own: tells its address and its operator's credentials, then serves. */
import { createLog, readConfig, startServer } from "@flix/server";

const config = readConfig(process.env);
const server = await startServer({ config, log: createLog("silent") });
process.send?.({ url: server.url, ...(await server.provisionLocalOperator()) });
process.once("SIGTERM", () => void server.stop().then(() => process.exit(0)));
