/** The address, without credentials. */
export function nameOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/** Why there is no RabbitMQ, for the operator: which variable, what was tried, what to do, and what happens meanwhile. */
export function explain(error: unknown, name: string): string {
  const said = sayingOf(error);
  const { what, next } = advices.find(({ when }) => when.test(said)) ?? unreachable;
  return `AMQP_URL=${name}: RabbitMQ ${what} (${said}). ${next} Until then background jobs run where they are found due.`;
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
    when: /ACCESS_REFUSED/,
    what: "does not take the credentials, or refuses what is needed",
    next: "Give them as amqp://user:password@host:5672/vhost; the user needs to configure, write and read queues of FLIX_AMQP_PREFIX.",
  },
  {
    // The client does not tell why the broker closes a connection that it is opening.
    when: /NOT_ALLOWED|vhost|ConnectionOpenOk/i,
    what: "has no such virtual host for this user",
    next: "Name one that it has after the port: amqp://user:password@host:5672/vhost.",
  },
  {
    when: /PRECONDITION_FAILED/,
    what: "has queues of these names that are not like flix's",
    next: "Delete them, or give this platform a FLIX_AMQP_PREFIX of its own.",
  },
  {
    when: /SSL|TLS|certificate|wrong version number/i,
    what: "does not speak TLS as it should",
    next: "Check the certificate, and whether it is amqps:// or amqp://.",
  },
];

/** Several addresses of a name fail as one error. */
function sayingOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(sayingOf).join("; ");
  return error instanceof Error ? error.message || error.name : String(error);
}
