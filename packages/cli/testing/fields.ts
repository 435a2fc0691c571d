/** Reads `value.a.b` of parsed JSON as text; throws where it is not there. */
export function textAt(value: unknown, ...path: (string | number)[]): string {
  let found = value;
  for (const key of path)
    found = typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined;
  if (typeof found !== "string")
    throw new TypeError(`No text at ${path.join(".")} of ${JSON.stringify(value)}`);
  return found;
}
