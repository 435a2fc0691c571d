const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** Whether ISO 4217 lists it, by the Unicode data that the runtime carries. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}
