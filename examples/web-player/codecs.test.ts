import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { bigBuckBunny } from "../../packages/encoder/testing/clips.ts";
import { makeFilm } from "../../packages/cli/testing/film.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import { launchBrowser } from "../../tools/browser/launch.ts";
import { createViewer, enterAs, idOf, openDevice, plays } from "./testing/viewer.ts";

let platform: RunningPlatform;
let browser: Browser;
let folder: string;
let titleId: string;
let email: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-codecs-"));
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  // Pictures of a film, because a player takes the codec that needs the fewest bits.
  const picture = `movie=${bigBuckBunny()},scale=320:180`;
  const path = await makeFilm(folder, { seconds: 12, picture });
  const facts = [
    "--title",
    "Three Codecs",
    "--rating",
    "G",
    "--codec",
    "hevc,av1",
    "--preset",
    "ultrafast",
    "--publish",
  ];
  await platform.json(["ingest", path, ...facts]);
  const titles = await platform.json(["titles", "list"]);
  titleId = idOf(Array.isArray(titles) ? titles[0] : undefined);
  const planId = idOf(
    await platform.json(["plans", "create", "--name", "Solo", "--price", "9.99USD", "--max-streams", "4"]),
  );
  email = await createViewer(platform, { name: "Barbara", planId });
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Which renditions' pictures were fetched until some seconds were played. */
async function playedRenditions(player: "shaka" | "hls"): Promise<string[]> {
  const page = await openDevice(browser);
  onTestFinished(() => page.context().close());
  const segments: string[] = [];
  page.on("request", (request) => {
    const [, rendition] = /\/(video-[a-z0-9-]+)\/\d+\.m4s/.exec(request.url()) ?? [];
    if (rendition !== undefined) segments.push(rendition);
  });
  await enterAs(page, email, `${platform.url}/watch/${titleId}?player=${player}`);
  await plays(page, 5);
  return [...new Set(segments)];
}

test.each(["shaka", "hls"] as const)("AV1 plays where the browser decodes it, in %s", async (player) => {
  expect(await playedRenditions(player)).toEqual(["video-av1-180p"]);
});
