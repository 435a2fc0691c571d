import { describe, it } from "vitest";
import type { Engine, EngineProgram } from "./engine.ts";
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
  describeOrSay(name, { found: findAccess(engine), why: whyMissing(engine) }, tests);
}

/** The same with a program that the tests start. */
export function describeWithProgram(
  program: EngineProgram,
  name: string,
  tests: (path: string) => void,
): void {
  const why = `needs ${program.name}, which is not installed: pnpm engines up ${program.name}`;
  describeOrSay(name, { found: program.find(), why }, tests);
}

function describeOrSay<Found>(
  name: string,
  { found, why }: { found: Found | undefined; why: string },
  tests: (found: Found) => void,
): void {
  if (found !== undefined) describe(name, () => tests(found));
  else if (process.env["CI"]) it(name, () => Promise.reject(new Error(`It ${why}`)));
  else {
    process.stderr.write(`skipped: ${name}: ${why}\n`);
    describe.skip(name, () => it(why, () => {}));
  }
}
