/// <reference lib="dom" />
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../browser/launch.ts";

export interface WatchOptions {
  /** Where the platform answers. */
  url: string;
  email: string;
  password: string;
  /** The title's name, as it stands on the home page. */
  title: string;
  /** shaka-player plays DASH, hls.js plays HLS. */
  player: "shaka" | "hls";
  /** Where to write a picture of the page while it plays. */
  screenshot?: string;
}

export interface Watched {
  /** Shown since playback began. */
  frames: number;
  /** Seconds. */
  currentTime: number;
  renditionHeight: number;
  protocol: Protocol;
  /** Standard deviation of the brightness of a frame, of 255; a blank picture has none. */
  contrast: number;
  screenshotPath?: string;
}

export type Protocol = "dash" | "hls";

const viewport = { width: 1440, height: 810 };
/** Of one step, on a machine of two cores that may be busy. */
const patienceMs = 60_000;
const watchedSeconds = 3;
const blankContrast = 3;

/** Watches a film as a viewer does, in a real browser: signs in, chooses a profile and the title, plays. Throws unless pictures move. */
export async function watchFilm(options: WatchOptions): Promise<Watched> {
  const browser = await launchBrowser();
  try {
    return await watchIn(browser, options);
  } finally {
    await browser.close();
  }
}

async function watchIn(browser: Browser, options: WatchOptions): Promise<Watched> {
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(patienceMs);
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  const protocols = observeProtocols(page);
  try {
    await signIn(page, options);
    await openTitle(page, options.title);
    await page.getByRole("link", { name: /^(Play|Resume)/ }).click();
    const watched = await seeItPlay(page, protocols, options);
    await leave(page);
    if (broken.length > 0) throw new Error(broken.join("\n"));
    return watched;
  } catch (error) {
    throw new Error(await explain(page, error, broken), { cause: error });
  }
}

async function signIn(page: Page, { url, email, password, player }: WatchOptions): Promise<void> {
  await page.goto(`${url}/?player=${player}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Who’s watching?" }).waitFor();
}

/** The first profile, then the title from a row of the home page. */
async function openTitle(page: Page, title: string): Promise<void> {
  await page.getByRole("main").getByRole("listitem").first().getByRole("button").click();
  await page.getByRole("listitem").getByRole("link", { name: title, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

async function seeItPlay(
  page: Page,
  protocols: Set<Protocol>,
  { player, screenshot }: WatchOptions,
): Promise<Watched> {
  const video = page.locator("video");
  await video.waitFor();
  const began = await page.waitForFunction(startOfPlayback);
  const { time = 0, frames = 0 } = (await began.jsonValue()) ?? {};
  await page.waitForFunction(hasAdvanced, { time: time + watchedSeconds, frames: frames + 1 });
  const shown = await page.evaluate(readPicture);
  if (shown.contrast < blankContrast)
    throw new Error(`The picture is blank: its contrast is ${shown.contrast}.`);
  const wanted: Protocol = player === "shaka" ? "dash" : "hls";
  if (!protocols.has(wanted)) throw new Error(`${player} asked for no ${wanted} manifest.`);
  if (screenshot !== undefined) {
    // The controls show while the pointer moves.
    await page.mouse.move(viewport.width / 2, viewport.height / 2);
    await page.getByRole("slider", { name: "Position" }).hover();
    await page.screenshot({ path: screenshot });
  }
  return {
    ...shown,
    frames: shown.frames - frames,
    protocol: wanted,
    ...(screenshot !== undefined && { screenshotPath: screenshot }),
  };
}

/** As a viewer does, so that the session ends, the position is stored and the events arrive. */
async function leave(page: Page): Promise<void> {
  const answers = ["/stop", "/player-events"].map((end) =>
    page.waitForResponse((response) => new URL(response.url()).pathname.endsWith(end)),
  );
  await page.getByRole("link", { name: "Back" }).click();
  for (const answer of await Promise.all(answers)) {
    if (!answer.ok()) throw new Error(`${answer.url()} answered ${answer.status()}: ${await answer.text()}`);
  }
}

function observeProtocols(page: Page): Set<Protocol> {
  const protocols = new Set<Protocol>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!response.ok()) return;
    if (pathname.endsWith(".mpd")) protocols.add("dash");
    if (pathname.endsWith(".m3u8")) protocols.add("hls");
  });
  return protocols;
}

/** What a viewer would read on the page goes into the message. */
async function explain(page: Page, error: unknown, broken: string[]): Promise<string> {
  const said = await page
    .getByRole("alert")
    .allInnerTexts()
    .catch(() => []);
  return [
    `The film did not play at ${page.url()}: ${error instanceof Error ? error.message : String(error)}`,
    ...said.map((text) => `The page says: ${text}`),
    ...broken.map((text) => `The page failed: ${text}`),
  ].join("\n");
}

// What follows runs in the page, so each function stands on its own.

function startOfPlayback(): { time: number; frames: number } | undefined {
  const video = document.querySelector("video");
  if (!video || video.paused || video.currentTime === 0) return undefined;
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  return totalVideoFrames > 0 ? { time: video.currentTime, frames: totalVideoFrames } : undefined;
}

function hasAdvanced(wanted: { time: number; frames: number }): boolean {
  const video = document.querySelector("video");
  if (!video) return false;
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  return video.currentTime >= wanted.time && totalVideoFrames >= wanted.frames;
}

function readPicture(): { frames: number; currentTime: number; renditionHeight: number; contrast: number } {
  const video = document.querySelector("video");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [160, 90];
  const context = canvas.getContext("2d");
  if (!video || !context) throw new Error("There is no picture to read");
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const luma = Array.from({ length: data.length / 4 }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 4, pixel * 4 + 3);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length;
  const variance = luma.reduce((sum, value) => sum + (value - mean) ** 2, 0) / luma.length;
  return {
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    currentTime: video.currentTime,
    renditionHeight: video.videoHeight,
    contrast: Math.sqrt(variance),
  };
}
