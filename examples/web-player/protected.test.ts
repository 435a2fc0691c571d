import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFilm } from "../../packages/cli/testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import { launchBrowser } from "../../tools/browser/launch.ts";
import { pixelsOf } from "./testing/pixels.ts";
import { createViewer, enterAs, idOf, openDevice, plays } from "./testing/viewer.ts";

const schemes = { cenc: ["--clear-lead", "4"], cbcs: [] };
type Scheme = keyof typeof schemes;

let platform: RunningPlatform;
let browser: Browser;
let folder: string;
let page: Page;
const titles = new Map<Scheme, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-protected-"));
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const path = await makeFilm(folder, { seconds: 16 });
  for (const [scheme, more] of Object.entries(schemes) as [Scheme, string[]][]) {
    const how = ["--preset", "ultrafast", "--ladder", "fixed"];
    const facts = ["--title", scheme, "--rating", "G", "--publish", ...how];
    const { title } = Object(await platform.json(["ingest", path, ...facts, "--protect", scheme, ...more]));
    titles.set(scheme, idOf(title));
  }
  const price = ["--price", "9.99USD", "--max-streams", "1", "--max-height", "1080"];
  const planId = idOf(await platform.json(["plans", "create", "--name", "Solo", ...price]));
  const email = await createViewer(platform, { name: "Ada", planId });
  page = await openDevice(browser);
  await enterAs(page, email, `${platform.url}/browse`);
  // Two films are encoded on the way.
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The session as it was answered, but for the manifests of other protocols. */
async function leaveOnly(protocol: string): Promise<void> {
  await page.unrouteAll();
  await page.route("**/v1/playback-sessions", async (route) => {
    const response = await route.fetch();
    const session = await response.json();
    const manifests = (session.manifests ?? []).filter(
      (one: { protocol: string }) => one.protocol === protocol,
    );
    await route.fulfill({ response, json: { ...session, manifests } });
  });
}

/** Standard deviation of the brightness of what is on the screen, of 255; a blank picture has none. */
async function contrastOnScreen(): Promise<number> {
  const luma = (await pixelsOf(page.locator("video"))).map(([, green]) => green);
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
  return Math.sqrt(luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length);
}

const position = () => page.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime);

describe.each(Object.keys(schemes) as Scheme[])("%s", (scheme) => {
  test.each([
    ["shaka", "dash"],
    ["shaka", "hls"],
    ["hls", "hls"],
  ])("plays and seeks with %s in %s, with a license of the session", async (player, protocol) => {
    await leaveOnly(protocol);
    const licenses: number[] = [];
    const refused: string[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith("/license")) licenses.push(response.status());
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${platform.url}/watch/${titles.get(scheme)}?player=${player}`);
    await plays(page, 1);
    await page.keyboard.press("7");
    await plays(page, 12);
    expect(await contrastOnScreen()).toBeGreaterThan(20);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("2");
    await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 16) < 8);
    await plays(page, (await position()) + 0.5);
    expect(await contrastOnScreen()).toBeGreaterThan(20);
    expect(licenses.length).toBeGreaterThan(0);
    expect(new Set(licenses)).toEqual(new Set([200]));
    expect(refused).toEqual([]);
    page.removeAllListeners("response");
  });
});

test("a license that is refused is told in the platform's words", async () => {
  await page.unrouteAll();
  await page.route("**/license", (route) =>
    route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      json: { type: "x", title: "x", status: 403, code: "not_entitled", request_id: "req_1" },
    }),
  );
  await page.goto(`${platform.url}/watch/${titles.get("cbcs")}?player=shaka`);
  await page.getByRole("heading", { name: "Choose a plan to watch" }).waitFor();
});
