import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Bench } from "./bench.ts";

const folder = join(import.meta.dirname, "../..");
const goalKb = 14;

const pages = {
  "a page that lists titles": `
    import { createClient, listTitles } from "@flix/sdk";
    const client = createClient({ baseUrl: location.origin, token: "..." });
    listTitles(client, { page_size: 20 }).then(({ data }) => { document.body.textContent = data.map((title) => title.title).join(); });`,
  "openapi-fetch and ky alone": `
    import createFetch from "openapi-fetch";
    import ky from "ky";
    createFetch({ baseUrl: location.origin, fetch: (request) => ky(request) }).GET("/v1/titles").then(console.log);`,
};

export const sdk: Bench = {
  question: "What does the SDK weigh in a browser, minified and gzipped?",
  async run() {
    const [page, libraries] = await Promise.all(Object.values(pages).map(gzippedKb));
    const size = page ?? Number.NaN;
    return [
      {
        label: Object.keys(pages)[0] ?? "",
        value: `${size.toFixed(2)} KB`,
        goal: `<= ${goalKb} KB`,
        met: size <= goalKb,
        anchor: `${Object.keys(pages)[1]}: ${libraries?.toFixed(2)} KB`,
      },
    ];
  },
};

async function gzippedKb(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(folder, "packages/sdk"), loader: "ts" },
    absWorkingDir: folder,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@flix/source"],
    alias: { "@flix/sdk": join(folder, "packages/sdk/src/index.ts") },
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length / 1024;
}
