import type { Part } from "./context.ts";

export type HealthStatus = "ok" | "degraded" | "failed";

export interface PartHealth {
  name: string;
  status: HealthStatus;
  latency_ms: number;
  detail?: string;
}

const limitMs = 2_000;

/** Asks every part at once; one that takes longer than 2 s counts as failed. */
export function checkParts(parts: Part[]): Promise<PartHealth[]> {
  return Promise.all(parts.map(checkPart));
}

/** The worst of the parts. */
export function worstOf(parts: Pick<PartHealth, "status">[]): HealthStatus {
  if (parts.some(({ status }) => status === "failed")) return "failed";
  return parts.some(({ status }) => status === "degraded") ? "degraded" : "ok";
}

async function checkPart({ name, check, required }: Part): Promise<PartHealth> {
  const startedMs = performance.now();
  const fault = await Promise.race([faultOf(check), tooLate()]);
  const latency_ms = Math.round((performance.now() - startedMs) * 10) / 10;
  if (fault === undefined) return { name, status: "ok", latency_ms };
  return { name, status: required ? "failed" : "degraded", latency_ms, detail: fault };
}

async function faultOf(check: Part["check"]): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tooLate(): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(`It did not answer within ${limitMs} ms.`), limitMs).unref();
  });
}
