import { advise, type Advice } from "../advice.ts";

/** Why there is no Redis, for the operator: which variable, what was tried, what to do. */
export function explain(error: unknown, name: string): string {
  return advise(error, { variable: "REDIS_URL", name, engine: "Redis", advices });
}

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
