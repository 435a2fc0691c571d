import type { Kind } from "../../kinds.ts";

/** A plain word; `__proto__` and its like are none. */
export const contextName: Kind<string> = {
  parse: (word) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(word) ? word : undefined),
  expects: "must be a word of letters, digits, dots and dashes",
};
