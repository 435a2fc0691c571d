import helmet from "@fastify/helmet";
import Fastify from "fastify";

/**
 * What every answer carries: helmet's headers, and no leave to keep it. Who may keep an answer (a segment, a picture)
 * is said by its route. They are asked for once, since they are the same for every answer and helmet puts the policy
 * together anew each time, which cost as much as the rest of a kept answer.
 */
export async function readSecurityHeaders(
  connectOrigins: readonly string[],
): Promise<Record<string, string>> {
  const app = Fastify();
  const directives = { ...contentSecurityPolicy, "connect-src": ["'self'", ...connectOrigins] };
  await app.register(helmet, {
    contentSecurityPolicy: { directives },
    // Of Internet Explorer and Flash.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xDnsPrefetchControl: false,
  });
  app.get("/", (_request, reply) => reply.send());
  const { headers } = await app.inject("/");
  await app.close();
  const transport = new Set(["connection", "content-length", "date"]);
  const security = Object.entries(headers).flatMap(([name, value]) =>
    transport.has(name) || value === undefined ? [] : [[name, String(value)]],
  );
  return { ...Object.fromEntries(security), "cache-control": "no-store" };
}

/** The player streams from blobs (Media Source) and works in a blob worker. */
const contentSecurityPolicy = {
  "default-src": ["'self'"],
  "img-src": ["'self'", "data:", "blob:"],
  // hls.js begins a subtitle track from an empty `data:` document.
  "media-src": ["'self'", "blob:", "data:"],
  "worker-src": ["'self'", "blob:"],
  "style-src": ["'self'", "'unsafe-inline'"],
  "frame-ancestors": ["'none'"],
  "form-action": ["'self'"],
  "upgrade-insecure-requests": null,
};
