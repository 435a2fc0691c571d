import { readFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import type { ServerResponse } from "node:http";
import type { Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { launchBrowser } from "../../../tools/browser/launch.ts";

/** A page of a real browser on `origin`, which answers it through `serveSdk`; `sdk` is this package's source. */
export async function openPage(origin: string): Promise<Page> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${origin}/sdk/page.html`);
  await page.waitForFunction("window.sdk");
  return page;
}

/** The sources as a browser takes them: their types left out, bare imports mapped to the files of the packages. */
export async function serveSdk(path: string, response: ServerResponse): Promise<void> {
  if (path === "/sdk/page.html") {
    response.writeHead(200, { "content-type": "text/html" }).end(pageSource);
    return;
  }
  const [, scope = "", file = ""] = /^\/sdk\/(\w+)\/(.*)$/.exec(path) ?? [];
  const source = await readFile(join(folders[scope] ?? "", file), "utf8");
  const script = file.endsWith(".ts") ? stripTypeScriptTypes(source) : source;
  response.writeHead(200, { "content-type": "text/javascript" }).end(script);
}

const { resolve } = createRequire(import.meta.url);
const folders: Record<string, string> = {
  src: join(import.meta.dirname, "../src"),
  ky: dirname(resolve("ky")),
  fetch: dirname(resolve("openapi-fetch")),
};
const imports = { ky: "/sdk/ky/index.js", "openapi-fetch": "/sdk/fetch/index.mjs" };
const pageSource = `<!doctype html>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">import * as sdk from "/sdk/src/index.ts"; window.sdk = sdk;</script>`;
