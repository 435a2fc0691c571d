/** What a word on the command line may be; `parse` answers undefined when it is not that. */
export interface Kind<Value> {
  parse(word: string): Value | undefined;
  /** Follows the option's name: "must be ...". */
  readonly expects: string;
  readonly choices?: readonly string[];
}

export const text: Kind<string> = {
  parse: (word) => (word === "" ? undefined : word),
  expects: "must not be empty",
};

export function integer(low: number, high: number): Kind<number> {
  return {
    parse(word) {
      const value = Number(word);
      return /^[+-]?\d+$/.test(word) && value >= low && value <= high ? value : undefined;
    },
    expects: `must be a whole number from ${low} to ${high}`,
  };
}

export function oneOf<const Word extends string>(choices: readonly Word[]): Kind<Word> {
  return {
    parse: (word) => choices.find((choice) => choice === word),
    expects: `must be one of ${choices.join(", ")}`,
    choices,
  };
}

/** An id of the contract, such as `ttl_01k9v3c4x5e6f7g8h9j0kmnpqr`; checked here so that a mixed-up id is told before anything is sent. */
export function id(prefix: string): Kind<string> {
  const pattern = new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`);
  return {
    parse: (word) => (pattern.test(word) ? word : undefined),
    expects: `must be an id that begins with ${prefix}_`,
  };
}

/** BCP 47, as the contract takes it. */
export const languageTag: Kind<string> = {
  parse: (word) => (/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(word) ? word : undefined),
  expects: "must be a language tag such as en or pt-BR",
};

/** ISO 3166-1 alpha-2. */
export const country: Kind<string> = {
  parse: (word) => (/^[A-Za-z]{2}$/.test(word) ? word.toUpperCase() : undefined),
  expects: "must be a country of two letters such as US",
};

/** A day, or an RFC 3339 time. */
export const time: Kind<string> = {
  parse(word) {
    const date = new Date(word);
    return /^\d{4}-\d\d-\d\d(T\S+)?$/.test(word) && !Number.isNaN(date.getTime())
      ? date.toISOString()
      : undefined;
  },
  expects: "must be a day such as 2026-11-22 or a time such as 2026-11-22T09:30:00Z",
};

export const httpUrl: Kind<string> = {
  parse(word) {
    const url = URL.canParse(word) ? new URL(word) : undefined;
    const usable = url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
    return usable ? url.href.replace(/\/+$/, "") : undefined;
  },
  expects: "must be an http or https URL such as https://flix.example",
};

/** A decimal amount with its currency, `9.99USD`; kept in the currency's minor units. */
export const money: Kind<{ amount: number; currency: string }> = {
  parse(word) {
    const match = /^(\d{1,9})(?:\.(\d{1,3}))? ?([A-Za-z]{3})$/.exec(word);
    if (!match) return undefined;
    const [, whole = "", fraction = "", letters = ""] = match;
    const currency = letters.toUpperCase();
    const digits = minorDigits(currency);
    if (fraction.length > digits) return undefined;
    return { amount: Number(whole + fraction.padEnd(digits, "0")), currency };
  },
  expects: "must be an amount with its currency such as 9.99USD",
};

/** Digits of a currency's minor unit: 2 for USD, 0 for JPY. */
export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}
