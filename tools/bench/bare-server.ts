/** The anchor: Fastify alone, answering with the bytes that it was given. */

import { fastify } from "fastify";

process.once("message", (bytes) => {
  const app = fastify();
  app.get("/v1/titles", (_request, reply) => reply.type("application/json; charset=utf-8").send(bytes));
  void app.listen({ port: 0, host: "127.0.0.1" }).then((url) => process.send?.({ url }));
});
