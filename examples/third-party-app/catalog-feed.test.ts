import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFlix } from "@flix/sdk";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { answerJson, startAnsweringServer } from "../../packages/cli/testing/answering-server.ts";
import { createMachineClient, type MachineClient } from "../../packages/cli/testing/machine-client.ts";
import { startPlatform, type RunningPlatform } from "../../packages/cli/testing/platform.ts";
import type { Feed } from "./feed.ts";

let platform: RunningPlatform;
let reader: MachineClient;
/** Names of the titles that are published, the last one first. */
const published = Array.from({ length: 23 }, (_, index) => `Series ${index}`).toReversed();

beforeAll(async () => {
  platform = await startPlatform();
  reader = await createMachineClient(platform, ["catalog:read"]);
  const editor = await createMachineClient(platform, ["catalog:write"]);
  const flix = createFlix({
    server: platform.url,
    clientId: editor.FLIX_CLIENT_ID,
    clientSecret: editor.FLIX_CLIENT_SECRET,
  });
  await flix.createTitle({ body: { kind: "series", title: "A draft" } });
  for (const name of published.toReversed()) {
    const title = await flix.createTitle({ body: { kind: "series", title: name, genres: ["drama"] } });
    await flix.setTitleArtwork(
      { title_id: title.id, kind: "poster", body: picture },
      { contentType: "image/png" },
    );
    await flix.publishTitle({ title_id: title.id });
  }
});

afterAll(() => platform?.stop());

test("The feed lists what was published last, first, over as many pages as it takes, with artwork that opens", async () => {
  const path = await feedPath();
  const { code, stdout } = await catalogFeed([path, "22"], reader);
  expect(stdout).toBe(`${path}: 22 titles\n`);
  expect(code).toBe(0);
  const feed = await readFeed(path);
  expect(feed.version).toBe("https://jsonfeed.org/version/1.1");
  expect(feed.items.map(({ title }) => title)).toEqual(published.slice(0, 22));
  const [first] = feed.items;
  expect(first).toMatchObject({ tags: ["drama"], _flix: { kind: "series", availability: [] } });
  expect(first?.url).toBe(`${platform.url}/titles/${first?.id}`);
  const artwork = await fetch(first?.image ?? "");
  expect(new Uint8Array(await artwork.arrayBuffer())).toEqual(picture);
});

test("Without a limit the feed holds everything that viewers see, and no draft", async () => {
  const path = await feedPath();
  await catalogFeed([path], reader);
  expect((await readFeed(path)).items.map(({ title }) => title)).toEqual(published);
});

test("A wrong secret is told by its code, and leaves the feed as it was", async () => {
  const path = await feedPath();
  await writeFile(path, "the feed of yesterday");
  const { code, stderr } = await catalogFeed([path], { ...reader, FLIX_CLIENT_SECRET: "wrong" });
  expect(stderr).toContain("[invalid_client]\nnext:  Check FLIX_CLIENT_ID and FLIX_CLIENT_SECRET.");
  expect(code).toBe(1);
  expect(await readFile(path, "utf8")).toBe("the feed of yesterday");
});

test("A client without the scope is told which one it needs", async () => {
  const other = await createMachineClient(platform, ["ops:read"]);
  const { code, stderr } = await catalogFeed([await feedPath()], other);
  expect(stderr).toContain("Give the client the scope catalog:read.");
  expect(code).toBe(1);
});

test("Ctrl-C ends a request that gets no answer, and leaves the feed as it was", async () => {
  const path = await feedPath();
  await writeFile(path, "the feed of yesterday");
  const asked = Promise.withResolvers<void>();
  const silent = await startAnsweringServer((request, response) => {
    if (request.url === "/oauth/token") answerJson(response, { access_token: "token", expires_in: 600 });
    else asked.resolve();
  });
  onTestFinished(() => silent.stop());
  const running = catalogFeed([path], { ...reader, FLIX_SERVER: silent.url });
  await Promise.race([asked.promise, running]);
  running.child.kill("SIGINT");
  const { code, stderr } = await running;
  expect(stderr).toContain("[aborted]");
  expect(code).toBe(130);
  expect(await readFile(path, "utf8")).toBe("the feed of yesterday");
});

test("What is missing in the environment is told, with exit code 2", async () => {
  const { code, stderr } = await catalogFeed(["feed.json"], {});
  expect(stderr).toContain("FLIX_SERVER, FLIX_CLIENT_ID and FLIX_CLIENT_SECRET");
  expect(code).toBe(2);
});

/** Runs the example as its README says, on the built SDK; answers whatever its exit code is. */
function catalogFeed(args: string[], env: Partial<MachineClient>) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stdout: string; stderr: string }>();
  const program = join(import.meta.dirname, "catalog-feed.ts");
  const child = execFile(process.execPath, [program, ...args], { env: { ...env } }, (error, stdout, stderr) =>
    resolve({ code: error ? error.code : 0, stdout, stderr }),
  );
  return Object.assign(promise, { child });
}

async function feedPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "flix-feed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "feed.json");
}

async function readFeed(path: string): Promise<Feed> {
  return JSON.parse(await readFile(path, "utf8"));
}

/** One pixel. */
const picture = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
    "base64",
  ),
);
