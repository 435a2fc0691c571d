import type { AnyOperation } from "@flix/sdk";
import { usageError } from "../../errors.ts";
import type { Fields } from "./fields.ts";

/**
 * The SDK's flat input. Which field is what follows from the contract's rules: a path names its own, reads and deletes have no body,
 * and the only query parameter of a write is `validate_only`.
 */
export function inputOf({ method, path }: AnyOperation, fields: Fields, body: unknown) {
  const own = new Set([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""));
  const inQuery = (name: string) => own.has(name) || name === "validate_only";
  const entries = Object.entries(fields);
  for (const name of own) {
    if (!(name in fields)) throw usageError(`${path} needs ${name}`, `Add -f ${name}=...`);
  }
  if (method === "get" || method === "delete") return Object.fromEntries(entries);
  const input = Object.fromEntries(entries.filter(([name]) => inQuery(name)));
  const rest = entries.filter(([name]) => !inQuery(name));
  if (body === undefined) return rest.length > 0 ? { ...input, body: Object.fromEntries(rest) } : input;
  if (rest.length > 0)
    throw usageError(
      `--body holds the whole body, so ${rest[0]?.[0]} has no place`,
      "Give one or the other.",
    );
  return { ...input, body };
}
