/** Reads fields of parsed JSON that another program wrote: what has not the type that is asked for is absent. */
export interface JsonFields {
  text(name: string): string | undefined;
  /** ffprobe writes most numbers as strings. */
  number(name: string): number | undefined;
  flag(name: string): boolean;
  object(name: string): JsonFields;
  list(name: string): JsonFields[];
}

export function jsonFields(value: unknown): JsonFields {
  const get = (name: string): unknown =>
    typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return {
    text(name) {
      const field = get(name);
      return typeof field === "string" && field !== "" ? field : undefined;
    },
    number(name) {
      const field = get(name);
      const number = typeof field === "string" && field.trim() !== "" ? Number(field) : field;
      return typeof number === "number" && Number.isFinite(number) ? number : undefined;
    },
    flag: (name) => get(name) === true,
    object: (name) => jsonFields(get(name)),
    list(name) {
      const field = get(name);
      return Array.isArray(field) ? field.map(jsonFields) : [];
    },
  };
}
