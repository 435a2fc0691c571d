import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startAnsweringServer } from "../../../testing/answering-server.ts";
import { textAt } from "../../../testing/fields.ts";
import { makeFilm } from "../../../testing/film.ts";
import { type RunningPlatform, startPlatform } from "../../../testing/platform.ts";

let platform: RunningPlatform;
let film: Buffer;
beforeAll(async () => {
  platform = await startPlatform();
  film = await readFile(await makeFilm(platform.folder));
});
afterAll(() => platform.stop());

/** Without ranges, so that each fetch is one request after one look. */
async function serveFilm() {
  const server = await startAnsweringServer((_, response) => {
    response.writeHead(200, { etag: '"v1"', "content-length": film.length }).end(film);
  });
  onTestFinished(() => server.stop());
  const address = `${server.url.replace("http://", "http://ann:hunter2@")}/hunter2/film.mp4?sig=hunter2`;
  return { server, address };
}

test("a film at an address is ingested as a file is, once, and what grants access is told nowhere", async () => {
  const { server, address } = await serveFilm();
  const args = ["ingest", address, "--title", "From afar", "--preset", "ultrafast", "--publish", "--json"];
  const env = { FLIX_SOURCE_NETWORKS: "127.0.0.1" };
  const first = await platform.run(args, { env });
  expect(first.exitCode).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ title: { title: "From afar", state: "published" } });
  expect(first.stderr).toContain('"stage":"fetch"');
  const again = await platform.run(args, { env });
  const id = textAt(JSON.parse(first.stdout), "title", "id");
  expect(JSON.parse(again.stdout)).toMatchObject({ unchanged: true, title: { id } });
  const dry = await platform.run([...args, "--dry-run"], { env });
  expect(JSON.parse(dry.stdout)).toMatchObject([
    { file: `${server.url}/film.mp4`, master: { filename: "film.mp4" } },
  ]);
  const jobs = JSON.stringify(await platform.json(["jobs", "list", "--all"]));
  expect(jobs).toContain('"film.mp4"');
  for (const told of [first, again, dry])
    expect(`${told.stdout}${told.stderr}${jobs}`).not.toContain("hunter2");
});

test("an address inside the network is not asked for, unless its network is named", async () => {
  const { server, address } = await serveFilm();
  const { exitCode, stderr } = await platform.run(["ingest", address, "--title", "Inside"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: .* \[url_not_allowed\]\nnext: {2}.*FLIX_SOURCE_NETWORKS=/);
  expect(stderr).not.toContain("hunter2");
  expect(server.requests).toEqual([]);
  expect(await platform.json(["titles", "list", "-q", "Inside"])).toEqual([]);
});
