export { createTestDatabase } from "./database.ts";
export type { TestDatabase } from "./empty-database.ts";
export { withoutBroker } from "./events.ts";
export { machineClient, operator, viewer } from "./people.ts";
export { holdClock, startTestPlatform, type HeldClock, type Person, type TestPlatform } from "./platform.ts";
export { alone } from "./sharing.ts";
