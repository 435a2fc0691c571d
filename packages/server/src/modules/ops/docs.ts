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
        // Nothing that leads to its maker's services: a platform's own page is about the platform.
        agent: { disabled: true },
        mcp: { disabled: true },
        showDeveloperTools: "never",
        // The name of the SDK's function, and what `flix api` takes.
        showOperationId: true,
        favicon: "/favicon.svg",
        darkMode: true,
        customCss: referenceStyle,
      },
    });
  });
}

/** The product's colours, as in the web player. */
const referenceStyle = `.dark-mode {
  --scalar-background-1: #0a0b0f; --scalar-background-2: #14161e; --scalar-background-3: #1e212c;
  --scalar-color-accent: #ffb83d; --scalar-sidebar-background-1: #0a0b0f;
}
a[href^="https://www.scalar.com"] { display: none; }`;

const referencePolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

function sendPage(reply: FastifyReply, title: string, body: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · flix</title><link rel="icon" href="/favicon.svg">
<style>${pageStyle}</style></head>
<body>${body}</body></html>`);
}

const pageStyle = `:root{color-scheme:dark}body{max-width:52rem;margin:3.5rem auto;padding:0 1.5rem;background:#0a0b0f;color:#f5f3ee;font:16px/1.6 system-ui,sans-serif}
h1{font-size:2rem;line-height:1.15;letter-spacing:-.02em}a{color:#ffb83d}code{padding:.15em .45em;border-radius:.35em;background:#1e212c;overflow-wrap:anywhere}
nav{display:flex;gap:1.5rem;font-size:.9rem}dl{display:grid;grid-template-columns:minmax(0,18rem) 3rem minmax(0,1fr);margin:2rem 0}
dl>div{display:grid;grid-template-columns:subgrid;grid-column:1/-1;gap:1rem;padding:.6rem 0;border-top:1px solid #ffffff1a}dd{margin:0;color:#b6b8c3}
@media (width<700px){dl>div{grid-template-columns:1fr auto;gap:.2rem 1rem}dd:last-child{grid-column:1/-1}dl{display:block}}`;

type Problem = (typeof problems)[keyof typeof problems];

function problemPage(code: string, { status, title, fix }: Problem): string {
  return `<nav><a href="/docs/errors">Error codes</a><a href="/docs">The API</a></nav><h1>${title}</h1><p><code>${code}</code>, HTTP ${status}</p><p>${marked(fix)}</p>`;
}

function listPage(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) =>
      `<div><dt><a href="/docs/errors/${code}"><code>${code}</code></a></dt><dd>${status}</dd><dd>${title}</dd></div>`,
  );
  return `<nav><a href="/docs">The API</a></nav><h1>Error codes</h1><p>Every problem that the API answers carries one of these as its <code>code</code>.</p><dl>${rows.join("")}</dl>`;
}

/** The contract's own text: backticks become code. */
function marked(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
