import { readFile } from "node:fs/promises";
import type { LadderStep } from "@flix/encoder";
import { CliError, systemCodeOf } from "../../errors.ts";

/**
 * Reads rungs from YAML, of which JSON is a part: a list of `{ width: 1280, height: 720, maxrate_kbps: 3000, crf: 23 }` from the best to the
 * smallest, by itself or under `rungs`. Throws `ladder_not_valid`.
 */
export async function readLadderFile(path: string): Promise<LadderStep[]> {
  const [{ parse }, { EncoderError, parseLadder }] = await Promise.all([
    import("yaml"),
    import("@flix/encoder"),
  ]);
  const words = await readFile(path, "utf8").catch((cause: unknown) => {
    throw notValid(path, `cannot be read (${systemCodeOf(cause) ?? "unknown reason"})`, cause);
  });
  const value = parsed(() => parse(words, { maxAliasCount: 0 }), path);
  try {
    return parseLadder(value);
  } catch (cause) {
    if (!(cause instanceof EncoderError)) throw cause;
    throw new CliError(cause.code, { message: `${path}: ${cause.message}`, fix: cause.hint, cause });
  }
}

function parsed(parse: () => unknown, path: string): unknown {
  try {
    return parse();
  } catch (cause) {
    throw notValid(path, "is neither YAML nor JSON", cause);
  }
}

function notValid(path: string, what: string, cause: unknown): CliError {
  return new CliError("ladder_not_valid", {
    message: `The ladder ${path} ${what}`,
    fix: "Name a file of rungs, or say --ladder fixed or --ladder per-title.",
    cause,
  });
}
