import { describe, it } from "vitest";
import type { Engine } from "./engine.ts";
import { findAccess, whyMissing } from "./find-access.ts";

/**
 * Tests over a real engine: the one that the environment names for tests (FLIX_TEST_...), else the one that
 * `pnpm engines up` started. Without one they are told as skipped by name, and fail where CI is set: what was not
 * tested never passes for what was.
 */
export function describeWith<Access>(
  engine: Engine<Access>,
  name: string,
  tests: (access: Access) => void,
): void {
  const access = findAccess(engine);
  const why = whyMissing(engine);
  if (access !== undefined) describe(name, () => tests(access));
  else if (process.env["CI"]) it(name, () => Promise.reject(new Error(`It ${why}`)));
  else {
    process.stderr.write(`skipped: ${name}: ${why}\n`);
    describe.skip(name, () => it(why, () => {}));
  }
}
