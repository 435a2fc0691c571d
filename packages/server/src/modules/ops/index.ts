import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { OpsContext, Part } from "./context.ts";
import { serveDocs } from "./docs.ts";
import { getHealth } from "./operations/get-health.ts";
import { getLivez } from "./operations/get-livez.ts";
import { getMetrics } from "./operations/get-metrics.ts";
import { getReadyz } from "./operations/get-readyz.ts";
import { getStartupz } from "./operations/get-startupz.ts";
import { getVersion } from "./operations/get-version.ts";

export type { Part };

export interface Ops {
  module: Module;
}

export interface OpsOptions {
  parts: Part[];
  metricsToken: string | undefined;
}

/** Probes, metrics, version, health and the documentation. */
export function createOps({ clock, lifecycle, telemetry, publicUrl }: Kernel, options: OpsOptions): Ops {
  const context: OpsContext = { clock, lifecycle, metrics: telemetry.registry, ...options };
  const handlers = { getHealth, getLivez, getMetrics, getReadyz, getStartupz, getVersion };
  return { module: defineModule("ops", context, handlers, { routes: (app) => serveDocs(app, publicUrl) }) };
}
