import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { unpackChromium } from "./unpack.ts";

/**
 * A headless Chromium that plays H.264: `FLIX_CHROMIUM`, else the one that came from npm (Linux x64; it needs nothing
 * installed), else one that is installed.
 */
export async function launchBrowser(): Promise<Browser> {
  const { path, libraries } = await findChromium();
  return chromium.launch({
    executablePath: path,
    args: flags,
    env: libraries === undefined ? undefined : { ...stringsOf(process.env), LD_LIBRARY_PATH: libraries },
  });
}

/** Nothing but what the page asks for leaves the machine; video plays without a click. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--mute-audio",
  "--disable-dev-shm-usage",
];

const installed: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: ["C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"],
};

async function findChromium(): Promise<{ path: string; libraries?: string }> {
  const named = process.env["FLIX_CHROMIUM"];
  if (named !== undefined) return { path: named };
  if (process.platform === "linux" && process.arch === "x64") {
    const folder = await unpackChromium();
    return { path: join(folder, "chromium"), libraries: join(folder, "al2023/lib") };
  }
  const path = installed[process.platform]?.find((candidate) => existsSync(candidate));
  if (path !== undefined) return { path };
  throw new Error(
    "No Chromium was found. Install Chrome or Chromium, or name one: FLIX_CHROMIUM=/path/to/chromium",
  );
}

function stringsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
