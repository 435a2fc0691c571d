import { existsSync } from "node:fs";
import { join } from "node:path";
import send from "@fastify/send";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FlixError } from "./kernel/errors.ts";
import { packageRoot } from "./kernel/package-root.ts";

/** The build of the example player in a checkout; a deployment names its own with FLIX_PLAYER. */
const builtExample = join(packageRoot, "../../examples/web-player/dist");

/** Serves the web player at `/`: hashed assets for a year, the page itself fresh, and also for the player's own paths. */
export function servePlayer(app: FastifyInstance, directory: string = builtExample): void {
  if (!existsSync(join(directory, "index.html"))) return;
  app.get("/assets/*", (request, reply) => sendFile(request, reply, directory, { immutable: true }));
  for (const page of pages) {
    app.get(page, (request, reply) => sendFile(request, reply, directory, { page: true }));
  }
  app.get("/favicon.svg", (request, reply) => sendFile(request, reply, directory, {}));
}

/** The addresses that the player itself reads; anything else is not found. */
const pages = ["/", "/callback", "/browse", "/my-list", "/titles/*", "/watch/*", "/search", "/account"];

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  root: string,
  { immutable = false, page = false }: { immutable?: boolean; page?: boolean },
): Promise<FastifyReply> {
  const path = page ? "/index.html" : (request.url.split("?", 1)[0] ?? "/");
  const file = await send(request.raw, path, {
    root,
    dotfiles: "deny",
    index: false,
    cacheControl: immutable,
    immutable,
    maxAge: "1y",
  });
  if (file.type !== "file") throw new FlixError("not_found");
  if (!immutable) reply.header("cache-control", "no-cache");
  return reply.code(file.statusCode).headers(file.headers).send(file.stream);
}
