import contract from "@flix/openapi/flix.json" with { type: "json" };
import { problems } from "@flix/openapi";
import scalar from "@scalar/fastify-api-reference";
import type { FastifyInstance, FastifyReply } from "fastify";
import { FlixError } from "../../kernel/errors.ts";

/** `/docs`: the contract as a readable reference; `/docs/errors/<code>`: what each problem's `type` points to. */
export async function serveDocs(app: FastifyInstance, publicUrl: string): Promise<void> {
  app.get("/openapi.json", (_request, reply) => reply.send({ ...contract, servers: [{ url: publicUrl }] }));
  app.get("/docs/errors", (_request, reply) => sendPage(reply, "Error codes", listPage()));
  app.get<{ Params: { code: string } }>("/docs/errors/:code", (request, reply) => {
    const { code } = request.params;
    const problem = Object.entries(problems).find(([known]) => known === code)?.[1];
    if (!problem) throw new FlixError("not_found", { detail: `There is no error code ${code}.` });
    return sendPage(reply, code, problemPage(code, problem));
  });
  await app.register(async (reference) => {
    // The reference is a Vue app that sets itself up in an inline script, and compiles nothing from outside.
    reference.addHook("onRequest", async (_request, reply) => {
      // Its program is 3 MB, and the same for everybody.
      reply.headers({ "content-security-policy": referencePolicy, "cache-control": "public, max-age=300" });
    });
    await reference.register(scalar, {
      routePrefix: "/docs",
      logLevel: "silent",
      configuration: {
        url: "/openapi.json",
        title: "flix API",
        telemetry: false,
        withDefaultFonts: false,
        hideClientButton: true,
        agent: { disabled: true },
      },
    });
  });
}

const referencePolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

function sendPage(reply: FastifyReply, title: string, body: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · flix</title>
<style>:root{color-scheme:dark}body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:4rem auto;padding:0 1.5rem;background:#0b0c10;color:#e8e8ea}
a{color:#ff6b57}code{background:#1a1c23;padding:.15em .4em;border-radius:.3em}td{padding:.3rem 1rem .3rem 0;vertical-align:top}h1{font-size:1.6rem}</style></head>
<body>${body}</body></html>`);
}

type Problem = (typeof problems)[keyof typeof problems];

function problemPage(code: string, { status, title, fix }: Problem): string {
  return `<p><a href="/docs/errors">Error codes</a></p><h1>${title}</h1><p><code>${code}</code>, HTTP ${status}</p><p>${marked(fix)}</p>`;
}

function listPage(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) =>
      `<tr><td><a href="/docs/errors/${code}"><code>${code}</code></a></td><td>${status}</td><td>${title}</td></tr>`,
  );
  return `<h1>Error codes</h1><table>${rows.join("")}</table><p><a href="/docs">The API</a></p>`;
}

/** The contract's own text: backticks become code. */
function marked(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
