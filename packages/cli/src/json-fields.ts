/** Reads fields of JSON that another program wrote, maybe a newer one: what is not there, or not of the type asked for, is undefined. */
export interface JsonFields {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  object(name: string): JsonFields;
  list(name: string): JsonFields[];
  texts(name: string): string[];
  /** The names of what is there. */
  names(): string[];
}

export function jsonFields(value: unknown): JsonFields {
  const fields: Record<string, unknown> =
    typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  const listOf = (name: string): unknown[] => {
    const field = fields[name];
    return Array.isArray(field) ? field : [];
  };
  return {
    text: (name) => asType(fields[name], "string"),
    number: (name) => asType(fields[name], "number"),
    flag: (name) => asType(fields[name], "boolean"),
    object: (name) => jsonFields(fields[name]),
    list: (name) => listOf(name).map(jsonFields),
    texts: (name) => listOf(name).filter((item) => typeof item === "string"),
    names: () => Object.keys(fields),
  };
}

interface Types {
  string: string;
  number: number;
  boolean: boolean;
}

function asType<Name extends keyof Types>(value: unknown, type: Name): Types[Name] | undefined {
  return isType(value, type) ? value : undefined;
}

function isType<Name extends keyof Types>(value: unknown, type: Name): value is Types[Name] {
  return typeof value === type;
}
