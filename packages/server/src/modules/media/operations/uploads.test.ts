import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { components } from "@flix/openapi";
import {
  contentDigest,
  json,
  partBytes,
  partOf,
  problem,
  smallFiles,
  startTestMedia,
  type TestMedia,
  sha256,
} from "../testing/media.ts";
import { partKey } from "../package-paths.ts";

type Upload = components["schemas"]["Upload"];

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

const film = "video.mp4";

/** A package with one file of three parts, and that file's upload. */
async function beginLarge(word: string) {
  const bytes = randomBytes(2 * partBytes + 1_000);
  const files = { ...smallFiles(word), [film]: bytes };
  const titleId = await test.makeTitle();
  const made = await test.begin(titleId, files);
  const upload = (await test.uploadsOf(made.id)).find(({ path }) => path === film);
  if (!upload) throw new Error("The film has no upload");
  expect(upload).toMatchObject({
    part_size_bytes: partBytes,
    part_count: 3,
    received_parts: [],
    state: "pending",
  });
  const key = `titles/${titleId}/${made.digest}/${film}`;
  const part = (number: number) => partOf(bytes, number);
  const send = (number: number, sent = part(number)) => test.send(upload.id, number, sent);
  const state = async () => json<Upload>(await test.publisher.get(`/v1/uploads/${upload.id}`));
  return { bytes, files, made, upload, key, part, send, state };
}

describe("putUploadPart", () => {
  it("stores a file of one part at once", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("one part");
    const { id, digest } = await test.begin(titleId, files);
    const [upload] = await test.uploadsOf(id);
    const bytes = files["manifest.mpd"] ?? Buffer.alloc(0);
    expect(json<Upload>(await test.send(upload?.id ?? "", 1, bytes))).toMatchObject({
      state: "stored",
      received_parts: [],
    });
    expect(await test.stored(`titles/${titleId}/${digest}/manifest.mpd`)).toEqual(bytes);
  });

  it("takes parts in any order and twice, and joins them when all are there", async () => {
    const { bytes, key, part, send, state, upload } = await beginLarge("any order");
    json(await send(3));
    json(await send(3));
    expect(await test.stored(partKey(upload, 3, sha256(part(3))))).toEqual(part(3));
    expect(json<Upload>(await send(1)).received_parts).toEqual([1, 3]);
    expect(await test.stored(key)).toBeUndefined();
    expect(json<Upload>(await send(2))).toMatchObject({ state: "stored", received_parts: [] });
    expect((await test.stored(key))?.equals(bytes)).toBe(true);
    expect(json<Upload>(await send(1)).state).toBe("stored");
    expect(await state()).toMatchObject({ state: "stored" });
    expect(await test.stored(partKey(upload, 3, sha256(part(3))))).toBeUndefined();
  });

  it("takes parts at a time, the same ones too", async () => {
    const { bytes, key, send, state } = await beginLarge("at a time");
    const answers = await Promise.all([1, 2, 3, 2, 3, 1].map((number) => send(number)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    expect(await state()).toMatchObject({ state: "stored", received_parts: [] });
    expect((await test.stored(key))?.equals(bytes)).toBe(true);
  });

  it("refuses a part that is damaged, of the wrong length, or one too many, and keeps nothing of it", async () => {
    const { part, send, state, upload } = await beginLarge("damaged");
    const damaged = await test.send(upload.id, 1, part(1), contentDigest(part(2)));
    expect(problem(damaged)).toEqual([422, "upload_part_digest_mismatch"]);
    expect(problem(await send(1, part(1).subarray(1)))).toEqual([422, "upload_part_size_mismatch"]);
    expect(problem(await send(3, part(2)))).toEqual([422, "upload_part_size_mismatch"]);
    expect(problem(await send(4, part(3)))).toEqual([404, "upload_part_not_found"]);
    const undigested = await test.publisher.put(`/v1/uploads/${upload.id}/parts/1`, {
      raw: part(1),
      headers: { "content-type": "application/octet-stream" },
    });
    expect(undigested.json()).toMatchObject({ status: 400, errors: [{ pointer: "header.Content-Digest" }] });
    const bodiless = await test.publisher.put(`/v1/uploads/${upload.id}/parts/1`);
    expect(problem(bodiless)).toEqual([400, "invalid_request"]);
    expect(problem(await test.send("upl_00000000000000000000000000", 1, part(1)))).toEqual([
      404,
      "not_found",
    ]);
    expect((await state()).received_parts).toEqual([]);
  });

  it("starts a file over that is not what was announced, and takes it then", async () => {
    const { bytes, key, send, state } = await beginLarge("changed");
    json(await send(1));
    json(await send(2, randomBytes(partBytes)));
    expect(problem(await send(3))).toEqual([422, "upload_file_digest_mismatch"]);
    expect(await state()).toMatchObject({ state: "pending", received_parts: [] });
    expect(await test.stored(key)).toBeUndefined();
    for (const number of [1, 2, 3]) json(await send(number));
    expect((await test.stored(key))?.equals(bytes)).toBe(true);
    const small = await test.begin(await test.makeTitle(), smallFiles("original"));
    const [upload] = await test.uploadsOf(small.id);
    const other = Buffer.alloc(upload?.size_bytes ?? 0, "x");
    expect(problem(await test.send(upload?.id ?? "", 1, other))).toEqual([
      422,
      "upload_file_digest_mismatch",
    ]);
  });

  it("lets a part be corrected by sending it again", async () => {
    const { bytes, key, send } = await beginLarge("corrected");
    json(await send(1, randomBytes(partBytes)));
    json(await send(1));
    json(await send(2));
    json(await send(3));
    expect((await test.stored(key))?.equals(bytes)).toBe(true);
  });

  it("keeps nothing on trial", async () => {
    const { part, state, upload } = await beginLarge("trial");
    const answer = await test.publisher.put(`/v1/uploads/${upload.id}/parts/1?validate_only=true`, {
      raw: part(1),
      headers: { "content-type": "application/octet-stream", "content-digest": contentDigest(part(1)) },
    });
    expect(answer.statusCode).toBe(200);
    expect((await state()).received_parts).toEqual([]);
  });

  it("answers 507 when the store is full, keeps nothing, and goes on when there is space", async () => {
    const { bytes, key, send, state } = await beginLarge("full");
    json(await send(1));
    json(await send(2));
    test.fillStore(true);
    expect(problem(await send(3))).toEqual([507, "no_space"]);
    test.fillStore(false);
    expect(await state()).toMatchObject({ state: "pending", received_parts: [1, 2] });
    json(await send(3));
    expect((await test.stored(key))?.equals(bytes)).toBe(true);
  });

  it("asks again for parts that the store has lost", async () => {
    const { bytes, key, made, upload, send, state } = await beginLarge("lost");
    json(await send(1));
    json(await send(2));
    await test.objects.deleteUnder(`staging/${made.id}/${upload.id}`);
    expect(json<Upload>(await send(3))).toMatchObject({ state: "pending", received_parts: [3] });
    json(await send(1));
    expect(json<Upload>(await send(2)).state).toBe("stored");
    expect(await state()).toMatchObject({ state: "stored" });
    expect((await test.stored(key))?.equals(bytes)).toBe(true);
  });
});

describe("listPackageUploads", () => {
  it("pages through the files in order of path, and tells what is still to be sent", async () => {
    const files = smallFiles("pages");
    const { id } = await test.begin(await test.makeTitle(), files);
    const url = `/v1/packages/${id}/uploads?page_size=2`;
    const first = json<components["schemas"]["UploadList"]>(await test.publisher.get(url));
    const rest = json<components["schemas"]["UploadList"]>(
      await test.publisher.get(`${url}&cursor=${first.next_cursor}`),
    );
    expect([...first.data, ...rest.data].map(({ path }) => path)).toEqual(Object.keys(files));
    await test.send(first.data[0]?.id ?? "", 1, files["manifest.mpd"] ?? Buffer.alloc(0));
    expect((await test.uploadsOf(id, "&state=pending")).map(({ path }) => path)).toEqual([
      "master.m3u8",
      "video-240p/1.m4s",
    ]);
    expect(await test.uploadsOf(id, "&state=stored")).toHaveLength(1);
    const nowhere = "/v1/packages/pkg_00000000000000000000000000/uploads";
    expect(problem(await test.publisher.get(nowhere))).toEqual([404, "not_found"]);
  });
});
