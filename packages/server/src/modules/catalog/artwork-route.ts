import type { FastifyInstance } from "fastify";
import { FlixError } from "../../kernel/errors.ts";
import type { CatalogContext } from "./context.ts";

const contentTypes: Record<string, string> = { jpg: "image/jpeg", png: "image/png", webp: "image/webp" };
const filePattern = /^[0-9a-f]{64}\.(jpg|png|webp)$/;

/** Serves pictures by the digest of their bytes: whatever stands under a name never changes. */
export function serveArtwork(app: FastifyInstance, { objects }: Pick<CatalogContext, "objects">): void {
  app.route<{ Params: { file: string } }>({
    method: ["GET", "HEAD"],
    url: "/artwork/:file",
    handler: async (request, reply) => {
      const { file } = request.params;
      const [, extension] = filePattern.exec(file) ?? [];
      const etag = `"${file.slice(0, 64)}"`;
      const isFresh = matches(request.headers["if-none-match"], etag);
      const bodiless = isFresh || request.method === "HEAD";
      const key = `artwork/${file}`;
      const object = extension && (await (bodiless ? objects.head(key) : objects.open(key)));
      if (!object) throw new FlixError("not_found");
      reply.headers({
        etag,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        // Pages of other origins may show it; helmet's default keeps it to our own.
        "cross-origin-resource-policy": "cross-origin",
      });
      if (isFresh) return reply.code(304).send();
      reply.headers({ "content-type": contentTypes[extension], "content-length": object.sizeBytes });
      return reply.send("body" in object ? object.body : undefined);
    },
  });
}

/** RFC 9110 section 13.1.2: compared weakly. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes(etag) || tags.includes("*");
}
