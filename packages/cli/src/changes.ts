import { usageError } from "./errors.ts";
import type { Output } from "./output.ts";
import { flag } from "./parameters.ts";

/** Of every command that changes something: the platform checks it all and changes nothing. */
export const dryRunOption = { dryRun: flag("Check everything, change nothing") };
export const yesOption = { yes: flag("Do not ask", { short: "y" }) };

/** Says on stderr what was done. */
export function noteChange(output: Output, dryRun: boolean, done: string): void {
  output.note(dryRun ? `Dry run, nothing was changed. Without --dry-run: ${done}` : done);
}

export function showDeleted(output: Output, id: string, dryRun: boolean, done: string): void {
  if (output.json) output.data({ id, deleted: !dryRun }, "");
  else noteChange(output, dryRun, done);
}

/** A change that changes nothing is a mistake on the command line. */
export function requireSome(body: object, options: string): void {
  if (Object.values(body).some((value) => value !== undefined)) return;
  throw usageError("There is nothing to change", `Give at least one of ${options}.`);
}
