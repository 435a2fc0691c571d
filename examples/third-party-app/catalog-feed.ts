/** Writes what a platform has published last as a feed: `node catalog-feed.ts feed.json 50`. See README.md. */
import { rename, writeFile } from "node:fs/promises";
import { clientCredentials, createClient, isFlixError, listTitles, pages, type Client } from "@flix/sdk";
import { feedOf, type Title } from "./feed.ts";
import { nextStepAfter } from "./next-step.ts";

const settings = readSettings();
if (settings) {
  try {
    await writeFeed(settings);
  } catch (error) {
    // Whatever goes wrong on the way to the platform and back is a FlixError.
    if (!isFlixError(error)) throw error;
    console.error(`error: ${error.message} [${error.code}]\nnext:  ${nextStepAfter(error)}`);
    process.exitCode = error.code === "aborted" ? 130 : 1;
  }
} else {
  console.error("usage: node catalog-feed.ts [feed.json [titles]]");
  console.error("       with FLIX_SERVER, FLIX_CLIENT_ID and FLIX_CLIENT_SECRET in the environment");
  process.exitCode = 2;
}

async function writeFeed({ path, limit, server, clientId, clientSecret }: Settings): Promise<void> {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  // Signs in with the first request, and again before the token ends. `catalog:read` alone shows what viewers see, and no drafts.
  const tokenProvider = clientCredentials({ clientId, clientSecret, scopes: ["catalog:read"] });
  // A server that is busy and a connection that breaks are tried again; nobody waits for a nightly job, so more often than usual.
  const client = createClient({ server, tokenProvider, maxRetries: 5 });
  const titles = await newestTitles(client, limit, interrupted.signal);
  await replaceFile(path, `${JSON.stringify(feedOf(titles, server), null, 2)}\n`);
  console.log(`${path}: ${titles.length} titles`);
}

/** Asks for one page after another, and for none after the last title that is wanted. */
async function newestTitles(client: Client, limit: number, signal: AbortSignal): Promise<Title[]> {
  const titles: Title[] = [];
  for await (const title of pages(client, listTitles, { sort: "newest" }, { signal })) {
    titles.push(title);
    if (titles.length === limit) break;
  }
  return titles;
}

/** Readers of the feed see the old one or the new one, never half of one. */
async function replaceFile(path: string, content: string): Promise<void> {
  const beside = `${path}.new`;
  await writeFile(beside, content);
  await rename(beside, path);
}

interface Settings {
  path: string;
  /** How many titles the feed holds at most. */
  limit: number;
  server: string;
  clientId: string;
  clientSecret: string;
}

function readSettings(): Settings | undefined {
  const [path = "feed.json", titles = "50"] = process.argv.slice(2);
  const limit = Number(titles);
  const { FLIX_SERVER: server, FLIX_CLIENT_ID: clientId, FLIX_CLIENT_SECRET: clientSecret } = process.env;
  if (!server || !clientId || !clientSecret || !Number.isInteger(limit) || limit < 1) return undefined;
  return { path, limit, server, clientId, clientSecret };
}
