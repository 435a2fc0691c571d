import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { FlixError } from "./errors.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface RunningRequests {
  /** Resolves when the last one has ended, or after `limitMs`. */
  ended(limitMs: number): Promise<void>;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Answered to the last: probes and metrics. */
    whileDraining?: boolean;
  }
}

/**
 * Counts the requests that run. Once the process leaves, every connection ends with its answer. While it drains it goes on
 * listening for as long as a request runs, so that probes are told so, but it takes up nothing new.
 */
export function followRequests(app: FastifyInstance, lifecycle: Lifecycle): RunningRequests {
  const running = new Set<ServerResponse>();
  let noneIsLeft = () => {};
  app.addHook("onRequest", (request, { raw }, done) => {
    running.add(raw);
    raw.once("close", () => {
      running.delete(raw);
      if (running.size === 0) noneIsLeft();
    });
    if (!lifecycle.leaving.aborted) return done();
    endWithAnswer(raw);
    if (lifecycle.state === "leaving" || request.routeOptions.config?.whileDraining === true) return done();
    const headers = { "retry-after": "1" };
    done(new FlixError("unavailable", { detail: "This process is about to end.", headers }));
  });
  lifecycle.leaving.addEventListener("abort", () => {
    for (const response of running) endWithAnswer(response);
  });
  lifecycle.draining.addEventListener("abort", () => app.server.closeIdleConnections());
  return {
    async ended(limitMs) {
      if (running.size === 0) return;
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, limitMs);
        noneIsLeft = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    },
  };
}

function endWithAnswer(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
