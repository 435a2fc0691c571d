import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeFilm } from "../../packages/cli/testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import { launchBrowser } from "../../tools/browser/launch.ts";
import { createViewer, enterAs, idOf, openDevice } from "./testing/viewer.ts";

const genres = ["adventure", "animation", "documentary", "science-fiction"].flatMap((genre) => [
  "--genre",
  genre,
]);
const longName = "The Long Winter of Inspector Amélie Moreau-Delacroix";

let platform: RunningPlatform;
let browser: Browser;
let folder: string;
let filmId: string;
let email: string;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  folder = await mkdtemp(join(tmpdir(), "flix-pages-"));
  const path = await makeFilm(folder, { seconds: 2 });
  filmId = await ingest(path, ["--title", longName, "--year", "1954", "--rating", "PG-13", ...genres]);
  const seriesId = idOf(
    await platform.json(["titles", "create", "--kind", "series", "--title", "The Burrow"]),
  );
  await platform.json(["titles", "publish", seriesId]);
  await ingest(path, ["--title", "Moving In", "--series", seriesId, "--season", "1", "--episode", "1"]);
  email = await createViewer(platform, { name: "Ada" });
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Answers the title's id. */
async function ingest(path: string, facts: string[]): Promise<string> {
  await platform.json(["ingest", path, ...facts, "--publish"]);
  const titles = await platform.json(["titles", "list"]);
  return idOf(Array.isArray(titles) ? titles[0] : undefined);
}

test("Every page fits a phone, has a name in the tab and leaves nothing in the console", async () => {
  const page = await openDevice(browser);
  onTestFinished(() => page.context().close());
  await page.setViewportSize({ width: 390, height: 844 });
  const said: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) said.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => said.push(error.message));
  await enterAs(page, email, `${platform.url}/browse`);
  const names = new Map<string, string>();
  for (const path of [
    "/browse",
    "/search",
    "/search?q=amelie+winter",
    "/my-list",
    "/account",
    `/titles/${filmId}`,
  ]) {
    await page.goto(platform.url + path);
    await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    names.set(path, await page.title());
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond, `${path} is wider than the screen by`).toBeLessThanOrEqual(0);
  }
  expect([...names.values()]).toEqual([
    "flix",
    "Search · flix",
    "Search · flix",
    "My list · flix",
    "Account · flix",
    `${longName} · flix`,
  ]);
  expect(said).toEqual([]);
});

test("What is kept stands on the page of my list, and a search without words shows no single episodes", async () => {
  const page = await openDevice(browser);
  onTestFinished(() => page.context().close());
  await enterAs(page, email, `${platform.url}/my-list`);
  await page.getByText("Nothing here yet.").waitFor();
  await page.goto(`${platform.url}/titles/${filmId}`);
  const kept = page.waitForResponse((response) => response.request().method() === "PUT");
  await page.getByRole("button", { name: "My list" }).click();
  expect((await kept).ok()).toBe(true);
  await page.getByRole("link", { name: "My list" }).click();
  await page.getByRole("main").getByRole("link", { name: longName }).waitFor();
  await page.getByRole("link", { name: "Search" }).click();
  await page.getByRole("main").getByRole("link", { name: "The Burrow" }).waitFor();
  expect(await page.getByRole("main").getByRole("link", { name: "Moving In" }).count()).toBe(0);
  await page.getByRole("searchbox").fill("movin in");
  await page.getByRole("main").getByRole("link", { name: "Moving In" }).waitFor();
});

test("Reloads in quick succession keep the sign-in", async () => {
  const page = await openDevice(browser);
  onTestFinished(() => page.context().close());
  await enterAs(page, email, `${platform.url}/browse`);
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  let renewals = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/oauth/token")) renewals += 1;
  });
  for (const path of ["/browse", "/search", "/account"]) {
    await page.goto(platform.url + path, { waitUntil: "commit" });
  }
  await page.getByRole("heading", { name: "Account" }).waitFor();
  expect(renewals).toBe(0);
});
