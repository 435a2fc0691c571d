import { sql } from "kysely";
import type { Config } from "./config.ts";
import type { Databases } from "./databases.ts";
import type { RedisLink } from "./engines/redis/link.ts";
import type { JobQueue } from "./engines/jobs/job-queue.ts";
import type { Kernel } from "./kernel/module.ts";
import { createAnalytics } from "./modules/analytics/index.ts";
import { createBilling } from "./modules/billing/index.ts";
import { createCatalog } from "./modules/catalog/index.ts";
import { createEdge } from "./modules/edge/index.ts";
import { createMedia } from "./modules/media/index.ts";
import { createOps, type Part } from "./modules/ops/index.ts";
import { createPlayback } from "./modules/playback/index.ts";
import { createRecommendations } from "./modules/recommendations/index.ts";
import { createUsers } from "./modules/users/index.ts";
import { servePlayer } from "./player.ts";
import type { Composition } from "./platform.ts";

export interface App extends Composition {
  provisionLocalOperator(): Promise<{ clientId: string; clientSecret: string }>;
}

/** The only place that knows every module: makes them, lower ones first, and gives each the faces that it calls. */
export function compose(kernel: Kernel, config: Config, databases: Databases, optional: Optional = {}): App {
  const users = createUsers(kernel, { signUp: config.signUp });
  const catalog = createCatalog(kernel);
  const media = createMedia(kernel, { catalog, directUploads: config.directUploads });
  const billing = createBilling(kernel, { users });
  const playback = createPlayback(
    kernel,
    { users, catalog, media, billing },
    {
      territoryHeader: config.territoryHeader,
      licenseServers: config.licenseServers,
      fairPlayCertificateUrl: config.fairPlayCertificateUrl,
    },
  );
  const recommendations = createRecommendations(kernel, { users, catalog, playback });
  const edge = createEdge(kernel, { playback });
  const analytics = createAnalytics(kernel);
  const ops = createOps(kernel, {
    parts: partsOf(kernel, databases, optional),
    metricsToken: config.metricsToken,
  });
  const parts = [users, catalog, media, billing, playback, recommendations, edge, analytics, ops];
  return {
    modules: parts.map(({ module }) => module),
    verifyAccessToken: users.verifyAccessToken,
    routes: (app) => servePlayer(app, config.playerDirectory),
    provisionLocalOperator: () => kernel.units.write((unit) => users.provisionLocalOperator(unit)),
  };
}

/** Engines without which all is served, and what they are asked for as long as they are there. */
interface Optional {
  redis?: RedisLink | undefined;
  jobQueue?: JobQueue | undefined;
}

function partsOf(
  { objects, eventStream }: Kernel,
  { all, replicas }: Databases,
  { redis, jobQueue }: Optional,
): Part[] {
  return [
    ...all.map((root, index) => ({
      name: index === 0 ? "postgres" : `postgres-${index + 1}`,
      check: async () => void (await sql`select 1`.execute(root)),
      required: true,
    })),
    ...replicas.map((replica, index) => ({
      name: index === 0 ? "postgres-replica" : `postgres-replica-${index + 1}`,
      check: () => replica.check(),
      required: false,
    })),
    { name: "objects", check: () => objects.check(), required: true },
    ...(redis === undefined ? [] : [{ name: "redis", check: () => redis.check(), required: false }]),
    ...(jobQueue === undefined ? [] : [{ name: "rabbitmq", check: () => jobQueue.check(), required: false }]),
    ...(eventStream.shared ? [{ name: "kafka", check: () => eventStream.check(), required: true }] : []),
  ];
}
