import { basename } from "node:path";
import { CliError } from "../../../errors.ts";
import type { Mistake } from "./yaml-words.ts";

const mistakesShown = 100;

/** All mistakes in the order of the text, each with its place. */
export function listNotValid(
  path: string,
  mistakes: readonly Mistake[],
  placeOf: (offset: number) => string,
): CliError {
  const inOrder = mistakes.toSorted((a, b) => a.offset - b.offset);
  const errors = inOrder
    .slice(0, mistakesShown)
    .map(({ offset, message }) => ({ pointer: placeOf(offset), message }));
  const more = inOrder.length - errors.length;
  if (more > 0) errors.push({ pointer: basename(path), message: `and ${more} more` });
  return new CliError("list_not_valid", {
    message: `${path} has ${inOrder.length === 1 ? "a mistake" : `${inOrder.length} mistakes`}; nothing was ingested`,
    fix: "Correct them and run the same command again.",
    errors,
  });
}
