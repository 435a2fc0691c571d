import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { components } from "@flix/openapi";
import {
  json,
  partBytes,
  partOf,
  problem,
  smallFiles,
  startTestMedia,
  type Files,
  type TestMedia,
} from "./testing/media.ts";

type Package = components["schemas"]["Package"];
const hourMs = 3_600_000;

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

const read = async (id: string) => json<Package>(await test.publisher.get(`/v1/packages/${id}`));

/** A package with half a film sent. */
async function beginHalf(word: string) {
  const bytes = randomBytes(partBytes + 1);
  const files: Files = { ...smallFiles(word), "video.mp4": bytes };
  const titleId = await test.makeTitle();
  const made = await test.begin(titleId, files);
  const upload = (await test.uploadsOf(made.id)).find(({ path }) => path === "video.mp4");
  json(await test.send(upload?.id ?? "", 1, partOf(bytes, 1)));
  const received = async () =>
    (await test.uploadsOf(made.id)).find(({ path }) => path === "video.mp4")?.received_parts;
  return { files, titleId, made, received };
}

describe("media.drop-stale-parts", () => {
  it("drops parts that nothing was added to for two days; the upload can go on from nothing", async () => {
    const { files, made, received } = await beginHalf("stale");
    test.platform.clock.advance(47 * hourMs);
    await test.platform.runJob("media.drop-stale-parts");
    expect(await received()).toEqual([1]);
    test.platform.clock.advance(2 * hourMs);
    await test.platform.runJob("media.drop-stale-parts");
    expect(await received()).toEqual([]);
    await test.sendAll(made.id, files);
    expect(json<Package>(await test.publisher.post(`/v1/packages/${made.id}/complete`)).state).toBe("ready");
  });
});

describe("media.fail-abandoned", () => {
  it("fails a package a week after its last sign of life, and the same package can be begun again", async () => {
    const { files, titleId, made } = await beginHalf("abandoned");
    test.platform.clock.advance(6 * 24 * hourMs);
    const [small] = await test.uploadsOf(made.id, "&state=pending");
    json(await test.send(small?.id ?? "", 1, files[small?.path ?? ""] ?? Buffer.alloc(0)));
    test.platform.clock.advance(6 * 24 * hourMs);
    await test.platform.runJob("media.fail-abandoned");
    expect((await read(made.id)).state).toBe("uploading");
    test.platform.clock.advance(2 * 24 * hourMs);
    await test.platform.runJob("media.fail-abandoned");
    await test.platform.runJob("media.delete-objects");
    expect(await read(made.id)).toMatchObject({ state: "failed", stored_file_count: 0 });
    expect(await test.stored(`titles/${titleId}/${made.digest}/${small?.path}`)).toBeUndefined();
    expect(await test.begin(titleId, files)).toMatchObject({ id: made.id, state: "uploading" });
    await test.sendAll(made.id, files);
    expect(json<Package>(await test.publisher.post(`/v1/packages/${made.id}/complete`)).state).toBe("ready");
  });
});

describe("a deleted title", () => {
  it("takes its packages, assets and objects with it, and cancels its jobs", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("deleted");
    const live = await test.makePackage(titleId, files);
    json(await test.publisher.post(`/v1/packages/${live.id}/activate`));
    const body = { kind: "master", filename: "a.mp4", size_bytes: 1, sha256: "a".repeat(64) };
    const asset = json<{ id: string }>(
      await test.publisher.post(`/v1/titles/${titleId}/assets`, { body }),
      201,
    );
    const opened = await test.publisher.post("/v1/ingest-jobs", { body: { title_id: titleId, worker: "w" } });
    const job = json<{ id: string }>(opened, 201);
    expect((await test.publisher.delete(`/v1/titles/${titleId}`)).statusCode).toBe(204);
    await test.platform.deliverEvents();
    await test.platform.runJob("media.delete-objects");
    expect(problem(await test.publisher.get(`/v1/packages/${live.id}`))).toEqual([404, "not_found"]);
    expect(problem(await test.publisher.get(`/v1/assets/${asset.id}`))).toEqual([404, "not_found"]);
    expect(await test.stored(`titles/${titleId}/${live.digest}/master.m3u8`)).toBeUndefined();
    const after = json<{ state: string }>(await test.publisher.get(`/v1/ingest-jobs/${job.id}`));
    expect(after.state).toBe("canceled");
  });
});
