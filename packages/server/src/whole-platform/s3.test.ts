import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startDaemon, stopDaemon, type Daemon } from "../../../../tools/engines/daemon.ts";
import { programCache } from "../../../../tools/engines/run-folder.ts";
import { s3 } from "../../../../tools/engines/s3.ts";
import { describeWith } from "../../../../tools/engines/testing.ts";
import { giveKeys, newStoreUrl } from "../engines/objects/testing/s3-store.ts";
import { png } from "../modules/catalog/testing/images.ts";
import { as, provisionRoot, succeeded, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

// The store is the test's own, since it is killed; that of `pnpm engines` says that this machine can run one.
describeWith(s3, "the whole platform on a store that is killed", () => {
  let folder: string;
  let platform: WholePlatform;
  let root: Person;
  let start: () => Promise<void>;
  let kill: () => Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "flix-own-s3-"));
    const { command, environment, url } = await s3.prepare(folder, await s3.provide(programCache));
    let daemon: Daemon | undefined;
    start = async () => {
      daemon = await startDaemon(command, { environment, folder, log: join(folder, "output.log") });
      await vi.waitFor(() => s3.ping(url), { timeout: 10_000, interval: 20 });
    };
    kill = async () => {
      if (daemon) await stopDaemon(daemon, 0);
      daemon = undefined;
    };
    await start();
    const access = s3.access(url);
    giveKeys(access);
    platform = await startWholePlatform({ FLIX_OBJECTS: newStoreUrl(access) });
    root = await provisionRoot(platform);
  }, 60_000);
  afterAll(async () => {
    await platform?.close();
    await kill?.();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const readiness = async () => (await platform.app.inject("/readyz")).json();

  it("is unready and alive meanwhile, serves what needs no object, and is whole within 5 s of its return", async () => {
    const asRoot = as(platform, root);
    const made = await asRoot.post("/v1/titles", { body: { kind: "series", title: "Big Buck Bunny" } });
    const { id } = succeeded(made);
    const putArtwork = (width: number) =>
      asRoot.put(`/v1/titles/${id}/artwork/poster`, {
        raw: png(width, 1),
        headers: { "content-type": "image/png" },
      });
    const { artwork } = succeeded<{ artwork: { url: string }[] }>(await putArtwork(1));
    const url = artwork[0]?.url ?? "";
    expect((await asRoot.get(url)).rawPayload).toEqual(png(1, 1));

    await kill();
    expect(await readiness()).toMatchObject({ code: "unavailable", detail: "objects" });
    expect((await platform.app.inject("/livez")).statusCode).toBe(200);
    for (const answer of await Promise.all([putArtwork(2), asRoot.get(url)])) {
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("5");
      expect(answer.json()).toMatchObject({ code: "unavailable" });
    }
    expect((await asRoot.get(`/v1/titles/${id}`)).statusCode).toBe(200);
    succeeded(await asRoot.post("/v1/titles", { body: { kind: "series", title: "Meanwhile" } }));

    await start();
    const backAtMs = performance.now();
    await vi.waitFor(async () => expect(await readiness()).toEqual({ status: "ok" }), { timeout: 5_000 });
    expect((await asRoot.get(url)).rawPayload).toEqual(png(1, 1));
    succeeded(await putArtwork(2));
    expect(performance.now() - backAtMs).toBeLessThan(5_000);
    const told = () => platform.logged.flatMap((line) => /"msg":"(FLIX_OBJECTS[^"]*)"/.exec(line)?.[1] ?? []);
    await vi.waitFor(async () => {
      await readiness();
      expect(told()).toHaveLength(2);
    });
    expect(told()).toEqual([
      expect.stringMatching(/^FLIX_OBJECTS=s3:.* does not answer .*Check the endpoint.*answered with 503/),
      "FLIX_OBJECTS: the store answers again",
    ]);
    expect(platform.logged.filter((line) => line.includes('"level":"error"'))).toHaveLength(1);
  });
});
