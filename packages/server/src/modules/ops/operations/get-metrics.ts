import { createHash, timingSafeEqual } from "node:crypto";
import type { Handler } from "../../../kernel/handler.ts";
import { unauthorized } from "../../../kernel/security.ts";
import type { OpsContext } from "../context.ts";

export const getMetrics: Handler<"getMetrics", OpsContext> = async (
  { headers },
  { metrics, metricsToken },
) => {
  if (metricsToken !== undefined && !isSame(String(headers["authorization"]), `Bearer ${metricsToken}`)) {
    throw unauthorized("Send FLIX_METRICS_TOKEN as the bearer token.");
  }
  return metrics.metrics();
};

/** In constant time; hashing makes the lengths equal. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
