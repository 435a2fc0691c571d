import { advise, type Advice } from "../../advice.ts";

/** Why there is no RabbitMQ, for the operator: which variable, what was tried, what to do. */
export function explain(error: unknown, name: string): string {
  return advise(error, { variable: "AMQP_URL", name, engine: "RabbitMQ", advices });
}

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
