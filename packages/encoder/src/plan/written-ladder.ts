import { EncoderError } from "../errors.ts";
import { jsonFields } from "../json-fields.ts";
import type { LadderStep } from "./ladder.ts";

/** What x264 takes; 0 is without loss, and no ladder is meant to be. */
const crfs = { least: 1, most: 51 };
const sides = { least: 16, most: 8192 };
const leastKbps = 16;
const mostRungs = 16;

/**
 * Reads a ladder that somebody wrote: a list of rungs, or `{ rungs: [...] }`, each with `width`, `height`, `maxrate_kbps` and, if it is not the
 * fixed ladder's, `crf`. Throws `ladder_not_valid`, which names the rung.
 */
export function parseLadder(value: unknown): LadderStep[] {
  const rungs = Array.isArray(value) ? value : Reflect.get(Object(value), "rungs");
  if (!Array.isArray(rungs)) throw notValid("It is no list of rungs");
  return [
    ...requireLadder(
      rungs.map((rung: unknown, index) => {
        const unknown = Object.keys(Object(rung)).find((name) => !names.has(name));
        if (unknown !== undefined) throw notValid(`Rung ${index + 1} has a field ${unknown}`);
        const fields = jsonFields(rung);
        const number = (name: string): number => fields.number(name) ?? Number.NaN;
        const crf = Reflect.has(Object(rung), "crf") ? { crf: number("crf") } : {};
        return {
          width: number("width"),
          height: number("height"),
          maxrateKbps: number("maxrate_kbps"),
          ...crf,
        };
      }),
    ),
  ];
}

const names: ReadonlySet<string> = new Set(["width", "height", "maxrate_kbps", "crf"]);

/** Throws `ladder_not_valid`. */
export function requireLadder(ladder: readonly LadderStep[]): readonly LadderStep[] {
  if (ladder.length === 0) throw notValid("It has no rung");
  if (ladder.length > mostRungs)
    throw notValid(`It has ${ladder.length} rungs; at most ${mostRungs} are accepted`);
  for (const [index, step] of ladder.entries()) {
    const wrong = problemOf(step, ladder[index - 1]);
    if (wrong !== undefined) throw notValid(`Rung ${index + 1} ${wrong}`);
  }
  return ladder;
}

function problemOf({ width, height, maxrateKbps, crf }: LadderStep, above?: LadderStep): string | undefined {
  const isSide = (side: number): boolean =>
    Number.isInteger(side) && side >= sides.least && side <= sides.most;
  if (!isSide(width) || !isSide(height)) {
    return `has no width and height of ${sides.least} to ${sides.most} pixels`;
  }
  if (!(maxrateKbps >= leastKbps)) return `has no maxrate_kbps of at least ${leastKbps}`;
  if (crf !== undefined && !(crf >= crfs.least && crf <= crfs.most)) {
    return `has a crf that is not between ${crfs.least} and ${crfs.most}`;
  }
  if (above && width * height > above.width * above.height) return "is larger than the one above it";
  if (above && maxrateKbps >= above.maxrateKbps) return "has no lower maxrate_kbps than the one above it";
  return undefined;
}

function notValid(problem: string): EncoderError {
  return new EncoderError("ladder_not_valid", {
    message: `The ladder cannot be used. ${problem}.`,
    hint: "List the rungs from the best to the smallest, each as { width: 1280, height: 720, maxrate_kbps: 3000, crf: 23 }; crf may be left out.",
  });
}
