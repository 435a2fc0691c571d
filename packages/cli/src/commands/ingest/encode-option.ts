import type { EncodeOptions } from "@flix/encoder";
import type { Parameter } from "../../parameters.ts";

/** What decides an encode, apart from the master and where the work is done. */
export type EncodeFields = Omit<
  EncodeOptions,
  | "input"
  | "access"
  | "origin"
  | "workDir"
  | "workers"
  | "turns"
  | "fanOut"
  | "hashMaster"
  | "signal"
  | "onProgress"
  | "programs"
>;

/** Where a file that an option names lies: as it is written on the command line, beside the list in a list of titles. */
export type ResolvePath = (path: string) => string;

/** What one option means to the encoder; nothing where it was not given, so that the encoder's own default holds. */
export type EncodePart = (resolve: ResolvePath) => Promise<Partial<EncodeFields>>;

export interface EncodeOption extends Parameter<EncodePart> {
  /** It names what belongs to one film alone, so that it says nothing about a whole list of them. */
  readonly ofOneFilm: boolean;
}

/**
 * An option that decides an encode: how it is written, and the fields of the encoder's options that it stands for. No two options share a
 * field. `toFields` may read a file that the option names; it is called only where the option was given.
 */
export function encodeOption<Value>(
  parameter: Parameter<Value>,
  toFields: (value: Value, resolve: ResolvePath) => Partial<EncodeFields> | Promise<Partial<EncodeFields>>,
  { ofOneFilm = false } = {},
): EncodeOption {
  return {
    ...parameter,
    ofOneFilm,
    read(words, name) {
      if (words.length === 0) return async () => ({});
      const value = parameter.read(words, name);
      return async (resolve) => toFields(value, resolve);
    },
  };
}
