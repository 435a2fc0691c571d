import type { Registry } from "prom-client";
import type { Clock } from "../../kernel/clock.ts";
import type { Lifecycle } from "../../kernel/lifecycle.ts";

/** Something that the platform cannot do without, and how to ask it; it throws or tells what is wrong. */
export interface Part {
  name: string;
  check: () => Promise<void>;
  /** Requests fail without it; otherwise something only lags. */
  required: boolean;
}

export interface OpsContext {
  clock: Clock;
  lifecycle: Lifecycle;
  parts: Part[];
  metrics: Registry;
  metricsToken: string | undefined;
}
