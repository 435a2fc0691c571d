import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type Shaka from "shaka-player/dist/shaka-player.compiled.js";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { textAt } from "../../packages/cli/testing/fields.ts";
import { makeFilm } from "../../packages/cli/testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import { launchBrowser } from "../../tools/browser/launch.ts";
import { watchFilm } from "../../tools/demo/watch.ts";
import { createViewer, enterAs, idOf, openDevice, password, plays } from "./testing/viewer.ts";

const require = createRequire(import.meta.url);
const film = "The Test Card";
const subtitles = `WEBVTT

00:00.000 --> 00:20.000
Colours move.
`;

let platform: RunningPlatform;
let browser: Browser;
let folder: string;
let titleId: string;
let planId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-player-"));
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const path = await makeFilm(folder, { seconds: 20 });
  const track = join(folder, "en.vtt");
  await writeFile(track, subtitles);
  const facts = ["--title", film, "--rating", "G", "--subtitle", `en=${track}`, "--publish"];
  await platform.json(["ingest", path, ...facts]);
  const titles = await platform.json(["titles", "list"]);
  titleId = idOf(Array.isArray(titles) ? titles[0] : undefined);
  const price = ["--price", "9.99USD", "--max-streams", "1", "--max-height", "1080"];
  planId = idOf(await platform.json(["plans", "create", "--name", "Solo", ...price]));
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function device() {
  const page = await openDevice(browser);
  onTestFinished(() => page.context().close());
  return page;
}

test("A film plays in DASH, goes on in HLS where it was left, and analytics know of both", async () => {
  const email = await createViewer(platform, { name: "Ada", planId });
  const viewer = { url: platform.url, email, password, title: film };
  const dash = await watchFilm({ ...viewer, player: "shaka" });
  expect(dash).toMatchObject({ protocol: "dash", renditionHeight: 180 });
  const hls = await watchFilm({ ...viewer, player: "hls" });
  expect(hls).toMatchObject({ protocol: "hls", renditionHeight: 180 });
  expect(hls.currentTime).toBeGreaterThan(dash.currentTime + 2);
  const report = await platform.json(["analytics", "report"]);
  expect(report).toMatchObject({
    total: { attempts: 2, starts: 2, start_failures: 0, exits_before_start: 0 },
  });
  const { watch_seconds } = (report as { total: { watch_seconds: number } }).total;
  expect(watch_seconds).toBeGreaterThan(6);
  expect(watch_seconds).toBeLessThan(40);
});

test("Who has no plan chooses one on the way to the film, and a declined card is told", async () => {
  const email = await createViewer(platform, { name: "Grace" });
  const page = await device();
  await enterAs(page, email, `${platform.url}/watch/${titleId}`);
  await page.getByRole("heading", { name: "Choose a plan to watch" }).waitFor();
  await page.getByRole("link", { name: "See plans" }).click();
  await page.getByRole("button", { name: "Choose Solo" }).click();
  await page.getByLabel(/^Card/).selectOption({ label: "A card that is declined" });
  await page.getByRole("button", { name: "Subscribe" }).click();
  await expect.poll(() => page.getByRole("alert").innerText()).toContain("The payment was declined");
  await page.getByLabel(/^Card/).selectOption({ label: "Visa •••• 4242" });
  await page.getByRole("button", { name: "Subscribe" }).click();
  await plays(page);
  expect(new URL(page.url()).pathname).toBe(`/watch/${titleId}`);
});

test("One stream more than the plan has names the device that plays, and stopping it there plays here", async () => {
  const email = await createViewer(platform, { name: "Alan", planId });
  const [living, kitchen] = [await device(), await device()];
  await enterAs(living, email, `${platform.url}/watch/${titleId}`);
  await plays(living);
  await enterAs(kitchen, email, `${platform.url}/watch/${titleId}`);
  await kitchen.getByRole("heading", { name: "All of your streams are in use" }).waitFor();
  await kitchen.getByRole("button", { name: "Stop" }).click();
  await plays(kitchen);
});

test("Keys, subtitles and the scrub bar's pictures work, and a reload keeps the sign-in and the place", async () => {
  const email = await createViewer(platform, { name: "Edsger", planId });
  const page = await device();
  await enterAs(page, email, `${platform.url}/watch/${titleId}`);
  await plays(page, 1);
  await page.keyboard.press("c");
  await page.getByText("Colours move.").waitFor();
  await page.keyboard.press("ArrowRight");
  await plays(page, 11);
  const sheet = page.waitForResponse((response) => response.url().includes("/thumbnails/sheet-"));
  await page.getByRole("slider", { name: "Position" }).hover();
  expect((await sheet).status()).toBe(200);
  await page.keyboard.press("k");
  await expect
    .poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.paused))
    .toBe(true);
  await page.reload();
  await plays(page, 10);
});

test("An intro is skipped by its button or by S, and the button is there only where the intro plays", async () => {
  const email = await createViewer(platform, { name: "Margaret", planId });
  await platform.json(["markers", "set", titleId, "--marker", "recap=0-0:05", "--marker", "intro=0:05-0:12"]);
  const page = await device();
  await enterAs(page, email, `${platform.url}/watch/${titleId}`);
  await plays(page);
  await page.getByRole("button", { name: "Skip recap" }).click();
  await plays(page, 5);
  const skipIntro = page.getByRole("button", { name: "Skip intro" });
  await skipIntro.waitFor();
  await page.keyboard.press("s");
  await plays(page, 12);
  await skipIntro.waitFor({ state: "detached" });
  expect(await page.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime)).toBeLessThan(
    16,
  );
});

test("The credits of an episode offer the next one, which the home page goes on with", async () => {
  const email = await createViewer(platform, { name: "Niklaus", planId });
  const series = idOf(
    await platform.json(["titles", "create", "--kind", "series", "--title", "The Cards", "--rating", "G"]),
  );
  await platform.json(["titles", "publish", series]);
  const path = await makeFilm(folder, { seconds: 12, name: "episode.mp4" });
  const episode = async (number: string) => {
    const facts = ["--title", `Card ${number}`, "--series", series, "--season", "1", "--episode", number];
    const made = ["--rating", "G", "--preset", "ultrafast", "--marker", "credits=6", "--publish"];
    return textAt(await platform.json(["ingest", path, ...facts, ...made]), "title", "id");
  };
  const first = await episode("1");
  await episode("2");
  const page = await device();
  await enterAs(page, email, `${platform.url}/watch/${first}`);
  await plays(page);
  const card = page.getByRole("region", { name: "Next episode" });
  expect(await card.count()).toBe(0);
  await plays(page, 6);
  await card.getByRole("heading", { name: /Card 2/ }).waitFor();
  expect(await page.locator("video").evaluate((video: HTMLVideoElement) => video.ended)).toBe(false);
  await page.goto(`${platform.url}/browse`);
  await page
    .getByRole("link", { name: /Card 2/ })
    .first()
    .waitFor();
});

test("The thumbnails stand in both manifests as tiles, where players look for them", async () => {
  const email = await createViewer(platform, { name: "Edith", planId });
  const page = await device();
  const loaded = page.waitForResponse((response) => response.url().endsWith("/manifest.mpd"));
  await enterAs(page, email, `${platform.url}/watch/${titleId}`);
  const mpd = (await loaded).url();
  await plays(page);
  await page.evaluate(await readFile(require.resolve("shaka-player/dist/shaka-player.compiled.js"), "utf8"));
  for (const manifest of [mpd, mpd.replace("manifest.mpd", "master.m3u8")]) {
    const tile = await page.evaluate(shakaTileAt, { manifest, seconds: 5 });
    expect(tile).toMatchObject({ positionX: 640, positionY: 0, width: 320, height: 180, startTime: 4 });
    expect(tile?.uris[0]).toBe(mpd.replace("manifest.mpd", "thumbnails/sheet-1.jpg"));
  }
});

test.each(["shaka", "hls"])(
  "A segment refused for its grant brings a heartbeat, and %s plays on",
  async (player) => {
    const email = await createViewer(platform, { name: `Donald-${player}`, planId });
    const page = await device();
    let renewed = false;
    page.on("response", (response) => {
      if (response.url().endsWith("/heartbeat") && response.ok()) renewed = true;
    });
    // From the third segment on, as when a device has slept for longer than its grant lasts.
    await page.route(/\/media\/.*\/[3-9]\.m4s$/, (route) =>
      renewed ? route.continue() : route.fulfill({ status: 403, body: "" }),
    );
    await enterAs(page, email, `${platform.url}/watch/${titleId}?player=${player}`);
    await plays(page);
    await page.keyboard.press("7");
    await plays(page, 15);
    expect(renewed).toBe(true);
  },
);

test("A network that is gone is told as that, and playback goes on once it is back", async () => {
  const email = await createViewer(platform, { name: "Tim", planId });
  const page = await device();
  const media = /\/media\/.*\.(m4s|mp4)/;
  await page.route(media, (route) => route.abort("internetdisconnected"));
  await enterAs(page, email, `${platform.url}/watch/${titleId}`);
  await page.getByRole("heading", { name: "You seem to be offline" }).waitFor();
  await page.unroute(media);
  await page.getByRole("button", { name: "Continue watching" }).click();
  await plays(page);
});

test("Who signs up on the welcome page can sign in, and the page of a signed-out tab shows nothing", async () => {
  const page = await device();
  await page.goto(`${platform.url}/browse`);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Barbara");
  await page.getByLabel("Email").fill("barbara@example.org");
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("Country").selectOption("NO");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Email").fill("barbara@example.org");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Barbara", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: film }).waitFor();
  await page.getByRole("link", { name: /^Switch profile/ }).click();
  // The welcome page shows at once; the sign-in's end leads to a new page, which another address must not cut off.
  const left = page.waitForEvent("load");
  await page.getByRole("button", { name: "Sign out" }).click();
  await left;
  await page.getByRole("button", { name: "Create an account" }).waitFor();
  await page.goto(`${platform.url}/account`);
  await page.getByRole("button", { name: "Create an account" }).waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

interface Question {
  manifest: string;
  seconds: number;
}

/** In the page: what Shaka, asked for the picture of a moment, takes from a manifest. */
async function shakaTileAt({ manifest, seconds }: Question) {
  const { shaka } = window as unknown as { shaka: typeof Shaka };
  const player = new shaka.Player();
  await player.attach(document.createElement("video"));
  await player.load(manifest);
  const [track] = player.getImageTracks();
  const tile = await player.getThumbnails(track?.id ?? -1, seconds);
  await player.destroy();
  return tile;
}
