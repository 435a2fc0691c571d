import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "../../packages/cli/testing/fields.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import { makeClip } from "../../packages/encoder/testing/clips.ts";
import { launchBrowser } from "../../tools/browser/launch.ts";
import { refuseCodec } from "./testing/codecs.ts";
import { pixelsOf, type Rgb } from "./testing/pixels.ts";
import { createViewer, enterAs, idOf, openDevice, plays } from "./testing/viewer.ts";

/** What the film shows, four seconds of each: a picture tells its time. */
const colors = ["red", "lime", "blue", "yellow"] as const;
const seconds = colors.length * 4;
/** What a viewer of each language hears. */
const tones = { English: 440, French: 1000 };
const protections = { clear: [], "encrypted for ClearKey": ["--protect", "cenc"] };
type Protection = keyof typeof protections;

let platform: RunningPlatform;
let browser: Browser;
let folder: string;
const titles = new Map<Protection, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-whole-film-"));
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const encode = await makeMaster();
  for (const [name, protect] of Object.entries(protections) as [Protection, string[]][]) {
    const title = ["--title", name, "--rating", "G", "--publish"];
    titles.set(name, textAt(await platform.json(["ingest", ...encode, ...title, ...protect]), "title", "id"));
  }
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Answers how it is ingested: two codecs, two languages of sound, three tracks of text. */
async function makeMaster(): Promise<string[]> {
  const pictures = colors.flatMap((color) => ["-f", "lavfi", "-i", `color=${color}:s=320x180:r=24:d=4`]);
  const tone = (hertz: number) => ["-f", "lavfi", "-i", `sine=frequency=${hertz}:duration=${seconds}`];
  const joined = [
    "-filter_complex",
    `concat=n=${colors.length}[v]`,
    "-map",
    "[v]",
    "-map",
    `${colors.length}`,
  ];
  const master = await makeClip(
    join(folder, "film.mkv"),
    [...pictures, ...tone(tones.English), ...joined],
    "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -c:a flac",
  );
  const dub = await makeClip(join(folder, "fr.flac"), tone(tones.French));
  const lines = { en: "Hello", "fr:sdh": "[musique] Bonjour", "fr:forced": "Panneau" };
  const texts = Object.entries(lines).map(async ([tag, line]) => {
    const path = join(folder, `${tag.replace(":", ".")}.vtt`);
    await writeFile(path, `WEBVTT\n\n00:00.000 --> 00:${seconds}.000\n${line}\n`);
    return ["--subtitle", `${tag}=${path}`];
  });
  const fast = ["--ladder", "fixed", "--preset", "ultrafast", "--codec", "av1"];
  return [master, "--language", "en", "--audio", `fr=${dub}`, ...(await Promise.all(texts)).flat(), ...fast];
}

describe.each([
  { codec: "H.264", rendition: "video-180p", lacks: "av01" },
  { codec: "AV1", rendition: "video-av1-180p", lacks: "avc1" },
])("$codec", ({ codec, rendition, lacks }) => {
  let page: Page;
  beforeAll(async () => {
    const price = ["--price", "9.99USD", "--max-streams", "4", "--max-height", "1080"];
    const planId = idOf(await platform.json(["plans", "create", "--name", codec, ...price]));
    const email = await createViewer(platform, { name: codec, planId });
    page = await openDevice(browser);
    await page.addInitScript(refuseCodec, lacks);
    await enterAs(page, email, `${platform.url}/browse`);
    await page.getByRole("heading").first().waitFor();
  });

  test.each([
    { player: "shaka", protection: "clear" },
    { player: "shaka", protection: "encrypted for ClearKey" },
    { player: "hls", protection: "clear" },
    { player: "hls", protection: "encrypted for ClearKey" },
  ] as const)("$protection in $player", async ({ player, protection }) => {
    await page.evaluate(() => localStorage.removeItem("flix.preferences"));
    const seen = watchRequests(page);
    await page.goto(`${platform.url}/watch/${titles.get(protection)}?player=${player}`);
    await plays(page);
    await page.keyboard.press("0");
    await soon(() => colorOf(page, "video")).toBe("red");
    await soon(() => toneOf(page)).toBeCloseTo(tones.English, -2);
    expect(seen.renditions()).toEqual(new Set(["audio-en", rendition]));

    await choose(page, "Audio", "French");
    await soon(() => toneOf(page)).toBeCloseTo(tones.French, -2);
    await soon(() => shownText(page)).toBe("Panneau");
    expect(seen.renditions()).toContain("audio-fr");
    await choose(page, "Subtitles", "French (SDH)");
    await soon(() => shownText(page)).toBe("[musique] Bonjour");
    await choose(page, "Subtitles", "English");
    await soon(() => shownText(page)).toBe("Hello");

    await pointAt(page, 0.9);
    await soon(() => colorOf(page, '[style*="/thumbnails/sheet-"]')).toBe("yellow");
    await pointAt(page, 0.6);
    await soon(() => colorOf(page, '[style*="/thumbnails/sheet-"]')).toBe("blue");
    await page.mouse.down();
    await page.mouse.up();
    await plays(page, seconds * 0.6);
    await soon(() => colorOf(page, "video")).toBe("blue");
    await page.keyboard.press("3");
    await soon(() => colorOf(page, "video")).toBe("lime");
    expect(seen.renditions()).toEqual(new Set(["audio-en", "audio-fr", rendition]));
    expect(seen.refused).toEqual([]);
    expect(seen.licenses > 0).toBe(protection !== "clear");
    seen.stop();
  });
});

/** What a viewer sees a moment after a press. */
function soon<T>(read: () => Promise<T>) {
  return expect.poll(read, { timeout: 10_000 });
}

/** What the page asks the platform for. */
function watchRequests(page: Page) {
  const fetched: string[] = [];
  const seen = {
    refused: [] as string[],
    licenses: 0,
    /** Of sound and pictures. */
    renditions: () => new Set(fetched),
    stop: () => page.off("response", listen),
  };
  const listen = (response: Response) => {
    const [, rendition] = /\/((?:video|audio)-[a-z0-9-]+)\/\d+\.m4s/.exec(response.url()) ?? [];
    if (rendition !== undefined) fetched.push(rendition);
    if (response.url().endsWith("/license")) seen.licenses += 1;
    if (response.status() >= 400) seen.refused.push(`${response.status()} ${response.url()}`);
  };
  page.on("response", listen);
  return seen;
}

async function choose(page: Page, group: string, option: string): Promise<void> {
  await page.getByRole("button", { name: "Audio and subtitles" }).click();
  const options = page.getByRole("group", { name: group, exact: true });
  await options.getByText(option, { exact: true }).click();
  await page.keyboard.press("Escape");
}

/** With the mouse, on the bar that seeks. */
async function pointAt(page: Page, share: number): Promise<void> {
  const box = await page.getByRole("slider", { name: "Position" }).boundingBox();
  if (!box) throw new Error("There is no bar to seek with.");
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2);
}

const values: Readonly<Record<(typeof colors)[number], Rgb>> = {
  red: [255, 0, 0],
  lime: [0, 255, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
};

/** Which of the film's colours fills the middle of an element on the screen; else the pixel that does not. */
async function colorOf(page: Page, selector: string): Promise<string> {
  const pixels = await pixelsOf(page.locator(selector));
  const [red, green, blue] = pixels[45 * 160 + 80] ?? [0, 0, 0];
  const isNear = ([r, g, b]: Rgb) => Math.hypot(red - r, green - g, blue - b) < 60;
  return colors.find((color) => isNear(values[color])) ?? `${red}, ${green}, ${blue}`;
}

/** The loudest frequency of what the page plays, in hertz. */
function toneOf(page: Page): Promise<number> {
  return page.locator("video").evaluate(async (video: HTMLVideoElement & { analyser?: AnalyserNode }) => {
    if (!video.analyser) {
      const context = new AudioContext();
      video.analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
      context.createMediaElementSource(video).connect(video.analyser).connect(context.destination);
    }
    const { analyser } = video;
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    return (loudest * analyser.context.sampleRate) / analyser.fftSize;
  });
}

/** The line of text over the picture: shaka draws it into the page, hls.js leaves it to the browser. */
function shownText(page: Page): Promise<string> {
  return page.locator("video").evaluate((video: HTMLVideoElement) => {
    const showing = [...video.textTracks].filter(({ mode }) => mode === "showing");
    const cues = showing.flatMap(({ activeCues }) => [...(activeCues ?? [])]) as VTTCue[];
    const drawn = document.querySelector(".shaka-text-container")?.textContent ?? "";
    return [drawn, ...cues.map(({ text }) => text)].join("").trim();
  });
}
