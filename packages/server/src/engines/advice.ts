/** What is wrong with an engine, by what it or the network said, and what to do. */
export interface Advice {
  when: RegExp;
  what: string;
  next: string;
}

const unreachable: Advice = {
  when: /./,
  what: "does not answer",
  next: "Check that it runs, and its host and port.",
};

/** For the operator: which variable, what was tried, what to do. */
export function advise(
  error: unknown,
  { variable, name, engine, advices }: { variable: string; name: string; engine: string; advices: Advice[] },
): string {
  const said = sayingOf(error);
  const { what, next } = advices.find(({ when }) => when.test(said)) ?? unreachable;
  return `${variable}=${name}: ${engine} ${what} (${said}). ${next}`;
}

/** The address, without credentials. */
export function nameOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/** Several addresses of a name fail as one error. */
function sayingOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(sayingOf).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}
