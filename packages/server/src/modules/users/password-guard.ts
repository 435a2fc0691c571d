import type { Clock } from "../../kernel/clock.ts";
import { RateLimiter, type RateLimit } from "../../kernel/rate-limits.ts";
import { hashPassword, isHashable, verifyPassword } from "./password.ts";

/** Each name may be tried from anywhere 10 times, then twice a minute. */
const perName: RateLimit = { burst: 10, perSecond: 1 / 30 };
/** An address (a household, an office) may try 30 times, then every 2 s. */
const perAddress: RateLimit = { burst: 30, perSecond: 1 / 2 };

/**
 * The one way to a password hash for people who have not signed in: an attempt is paid for before the 25 ms and
 * 19 MiB that it costs, by the name that is tried and by the address that tries.
 */
export class PasswordGuard {
  readonly #names: RateLimiter;
  readonly #addresses: RateLimiter;

  constructor(clock: Clock) {
    this.#names = new RateLimiter(clock);
    this.#addresses = new RateLimiter(clock);
  }

  /** Throws `rate_limited`; otherwise tells whether the password is the one behind `readHash`. */
  async verify(
    attempt: { name: string; address: string; password: string },
    readHash: () => Promise<string | null | undefined>,
  ): Promise<boolean> {
    this.#addresses.spend(attempt.address, perAddress);
    this.#names.spend(attempt.name.toLowerCase(), perName);
    if (!isHashable(attempt.password)) return false;
    return verifyPassword(attempt.password, await readHash());
  }

  /** Hashes a password that an anonymous address chose. */
  async hashFor(address: string, password: string): Promise<string> {
    this.#addresses.spend(address, perAddress);
    return hashPassword(password);
  }
}
