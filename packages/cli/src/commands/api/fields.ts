import { readFile } from "node:fs/promises";
import { CliError, messageOf } from "../../errors.ts";
import type { Kind } from "../../kinds.ts";

/** `a[b]=c` and `a[]=c`, as `gh api` writes them. */
interface FieldWord {
  path: string[];
  value: string;
  typed: boolean;
}

export const rawField = fieldKind(false);
export const typedField = fieldKind(true);

export type Fields = Record<string, unknown>;

export async function readFields(words: readonly FieldWord[]): Promise<Fields> {
  const fields: Fields = emptyFields();
  for (const { path, value, typed } of words) put(fields, path, typed ? await readTyped(value) : value);
  return fields;
}

function fieldKind(typed: boolean): Kind<FieldWord> {
  return {
    parse(word) {
      const [, first, rest = "", value] = /^([^=[\]]+)((?:\[[^=[\]]*\])*)=(.*)$/s.exec(word) ?? [];
      if (first === undefined || value === undefined) return undefined;
      const path = [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? "")];
      return { path, value, typed };
    },
    expects: "must be key=value",
  };
}

/** Where `__proto__` is a key like any other. */
function emptyFields(): Fields {
  return Object.create(null);
}

function put(container: Fields, [key = "", ...deeper]: readonly string[], value: unknown): void {
  const [next] = deeper;
  if (next === undefined) {
    container[key] = value;
  } else if (next === "") {
    const list = container[key];
    container[key] = [...(Array.isArray(list) ? list : []), value];
  } else {
    const child = container[key];
    const inner = isFields(child) ? child : emptyFields();
    container[key] = inner;
    put(inner, deeper, value);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readTyped(value: string): Promise<unknown> {
  if (value.startsWith("@")) return readTextFile(value.slice(1));
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new CliError("file_not_readable", {
      message: `${path} cannot be read: ${messageOf(error)}`,
      fix: "Check the path after the @.",
      exitCode: 2,
      cause: error,
    });
  }
}
