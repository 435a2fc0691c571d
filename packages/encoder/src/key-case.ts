/** JSON that leaves this package is in snake_case, as the contract's is; inside, names are camelCase. */
export function snakeKeys(value: unknown): unknown {
  return mapKeys(value, (key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

export function camelKeys(value: unknown): unknown {
  return mapKeys(value, (key) => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

function mapKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [rename(key), mapKeys(field, rename)]),
  );
}
