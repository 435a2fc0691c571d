import type { Kernel } from "../../kernel/module.ts";
import type { RateLimit, RateLimits } from "../../kernel/rate-limits.ts";

/** A name may be tried from anywhere 10 times, then twice a minute. */
const perName: RateLimit = { burst: 10, perSecond: 1 / 30 };
/** An address (a household, an office) may try 30 times, then every 2 s. */
const perAddress: RateLimit = { burst: 30, perSecond: 1 / 2 };

/** What stands before every guess: a password hash costs 25 ms and 19 MiB, so an attempt is paid for before it is made. */
export class PasswordGuard {
  readonly #names: RateLimits;
  readonly #addresses: RateLimits;

  constructor({ rateLimits }: Pick<Kernel, "rateLimits">) {
    this.#names = rateLimits("password-names");
    this.#addresses = rateLimits("password-addresses");
  }

  /** Throws `rate_limited` with the time to wait. The name is whose secret is tried, known to us or not. */
  async admit({ name, address }: { name?: string; address: string }): Promise<void> {
    await this.#addresses.spend(address, perAddress);
    if (name !== undefined) await this.#names.spend(name.toLowerCase(), perName);
  }
}
