/** The anchor: Fastify alone, answering with the bytes that it was given. */
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(import.meta.dirname, "../../packages/server/package.json"));
const fastify: typeof import("../../packages/server/node_modules/fastify/fastify.js") = require("fastify");

process.once("message", async (bytes) => {
  const app = fastify();
  app.get("/v1/titles", (_request, reply) => reply.type("application/json; charset=utf-8").send(bytes));
  process.send?.({ url: await app.listen({ port: 0, host: "127.0.0.1" }) });
});
