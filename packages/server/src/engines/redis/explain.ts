/** The address, without credentials. */
export function nameOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/** Why there is no Redis, for the operator: which variable, what was tried, what to do. */
export function explain(error: unknown, name: string): string {
  const said = sayingOf(error);
  const { what, next } = advices.find(({ when }) => when.test(said)) ?? unreachable;
  return `REDIS_URL=${name}: Redis ${what} (${said}). ${next}`;
}

interface Advice {
  when: RegExp;
  what: string;
  next: string;
}

const unreachable: Advice = {
  when: /./,
  what: "does not answer",
  next: "Check that it runs, and its host and port.",
};

const advices: Advice[] = [
  {
    when: /WRONGPASS|NOAUTH|invalid (username-)?password/i,
    what: "does not take the credentials",
    next: "Give them as redis://user:password@host:port.",
  },
  {
    when: /NOPERM/,
    what: "does not allow what is needed",
    next: "Allow the user +@connection +@pubsub +@scripting +get +set +pttl +hmget +hset +pexpire +time on the keys and channels of FLIX_REDIS_PREFIX.",
  },
  {
    when: /^OOM/,
    what: "is full",
    next: "Give it more memory, and maxmemory-policy allkeys-lru.",
  },
  {
    when: /NOPROTO|unknown command|DB index|READONLY|MOVED|CROSSSLOT/i,
    what: "cannot be used",
    next: "Name the writable server of a Redis from 6.2 up, not of a cluster, and a database that it has.",
  },
  {
    when: /SSL|TLS|certificate|wrong version number/i,
    what: "does not speak TLS as it should",
    next: "Check the certificate, and whether it is rediss:// or redis://.",
  },
];

/** Several addresses of a name fail as one error. */
function sayingOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(sayingOf).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}
