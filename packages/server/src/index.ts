export { EngineFaults } from "./all-together.ts";
export { checkEngines, type EngineCheck } from "./check-engines.ts";
export { ConfigError, moduleNames, readConfig, type Config, type ModuleName } from "./config.ts";
export { EventsError } from "./engines/events/errors.ts";
export { ObjectsError } from "./engines/objects/errors.ts";
export { PostgresError } from "./engines/postgres/index.ts";
export { createLog } from "./kernel/log.ts";
export { SecretError } from "./kernel/secret.ts";
export { startServer, StartError, type RunningServer, type StartOptions } from "./start-server.ts";
