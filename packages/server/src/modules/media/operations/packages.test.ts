import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { components } from "@flix/openapi";
import { operator, viewer } from "../../../../testing/index.ts";
import { json, newPackage, problem, smallFiles, startTestMedia, type TestMedia } from "../testing/media.ts";

type Package = components["schemas"]["Package"];

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

const post = (path: string) => test.publisher.post(`/v1/packages/${path}`);

async function eventsOf(titleId: string): Promise<Record<string, unknown>[]> {
  const { root } = test.platform.kernel.database("media");
  const { rows } = await sql<{ data: Record<string, unknown> }>`
    select data from kernel.events where type = 'package.activated' and data ->> 'title_id' = ${titleId}
    order by position`.execute(root);
  return rows.map(({ data }) => data);
}

describe("createPackage", () => {
  it("names every file as an upload, and answers the same package to the same digest", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("begin");
    const made = await test.begin(titleId, files);
    expect(made).toMatchObject({ state: "uploading", current: false, file_count: 3, stored_file_count: 0 });
    const uploads = await test.uploadsOf(made.id);
    expect(uploads.map(({ path, state }) => [path, state])).toEqual(
      Object.keys(files).map((path) => [path, "pending"]),
    );
    expect((await test.begin(titleId, files)).id).toBe(made.id);
    expect(await test.uploadsOf(made.id)).toHaveLength(3);
    expect((await test.begin(await test.makeTitle(), files)).id).not.toBe(made.id);
  });

  it("keeps the encoder's key of the encode, which older packages have not", async () => {
    const body = newPackage(smallFiles("keyed"), { encode_key: "ab".repeat(32) });
    const url = `/v1/titles/${await test.makeTitle()}/packages`;
    const { id } = json<Package>(await test.publisher.post(url, { body }), 201);
    expect(json<Package>(await test.publisher.get(`/v1/packages/${id}`)).encode_key).toBe(body.encode_key);
    expect(await test.begin(await test.makeTitle(), smallFiles("unkeyed"))).not.toHaveProperty("encode_key");
    const wrong = { ...body, encode_key: "faster" };
    expect(problem(await test.publisher.post(url, { body: wrong }))).toEqual([400, "invalid_request"]);
  });

  it("makes one of many that ask at a time", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("together");
    const made = await Promise.all([1, 2, 3, 4].map(() => test.begin(titleId, files)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it("makes nothing on trial, and refuses what is no package", async () => {
    const titleId = await test.makeTitle();
    const body = newPackage(smallFiles("trial"));
    const url = `/v1/titles/${titleId}/packages`;
    const { id } = json<Package>(await test.publisher.post(`${url}?validate_only=true`, { body }), 201);
    expect(problem(await test.publisher.get(`/v1/packages/${id}`))).toEqual([404, "not_found"]);
    const wrong = { ...body, digest: "0".repeat(64) };
    expect(problem(await test.publisher.post(url, { body: wrong }))).toEqual([
      422,
      "package_digest_mismatch",
    ]);
    const climbing = { ...body, hls_path: "../master.m3u8" };
    expect(problem(await test.publisher.post(url, { body: climbing }))).toEqual([400, "invalid_request"]);
    const series = await test.makeTitle({ kind: "series" });
    const answer = await test.publisher.post(`/v1/titles/${series}/packages`, { body });
    expect(problem(answer)).toEqual([422, "title_is_series"]);
  });

  it("stores at once what another package holds, each with files of its own", async () => {
    const files = smallFiles("shared");
    const [one, two] = [await test.makeTitle(), await test.makeTitle()];
    const first = await test.makePackage(one, files);
    const changed = { ...files, "master.m3u8": Buffer.from("#EXTM3U another") };
    const second = await test.begin(two, changed);
    expect(second.stored_file_count).toBe(2);
    const pending = await test.uploadsOf(second.id, "&state=pending");
    expect(pending.map(({ path }) => path)).toEqual(["master.m3u8"]);
    await test.sendAll(second.id, changed);
    json(await post(`${second.id}/complete`));
    expect((await test.publisher.delete(`/v1/packages/${first.id}`)).statusCode).toBe(204);
    await test.platform.runJob("media.delete-objects");
    const segment = "video-240p/1.m4s";
    expect(await test.stored(`titles/${one}/${first.digest}/${segment}`)).toBeUndefined();
    expect(await test.stored(`titles/${two}/${second.digest}/${segment}`)).toEqual(files[segment]);
  });

  it("takes thousands of files", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 5_000 }, (_none, index) => [
        `video/${index}.m4s`,
        Buffer.from(`segment ${index}`),
      ]),
    );
    const made = await test.begin(await test.makeTitle(), { ...files, ...smallFiles("long") });
    expect(made.file_count).toBe(5_003);
  });
});

describe("completePackage", () => {
  it("wants every file, and what is ready stays as it is", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("complete");
    const { id } = await test.begin(titleId, files);
    const refused = await post(`${id}/complete`);
    expect(problem(refused)).toEqual([409, "package_incomplete"]);
    expect(refused.json().detail).toBe("3 of 3 files are missing, such as manifest.mpd.");
    expect(problem(await post(`${id}/activate`))).toEqual([409, "package_not_ready"]);
    await test.sendAll(id, files);
    const ready = json<Package>(await post(`${id}/complete`));
    expect(ready).toMatchObject({
      state: "ready",
      stored_file_count: 3,
      stored_size_bytes: ready.size_bytes,
    });
    expect(json(await post(`${id}/complete`))).toEqual(ready);
    expect(await test.begin(titleId, files)).toEqual(ready);
  });

  it("notices files that the store has lost, and asks for them again", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("lost");
    const { id, digest } = await test.begin(titleId, files);
    await test.sendAll(id, files);
    await test.objects.delete(`titles/${titleId}/${digest}/manifest.mpd`);
    expect(problem(await post(`${id}/complete`))).toEqual([409, "package_incomplete"]);
    expect((await test.begin(titleId, files)).stored_file_count).toBe(2);
    await test.sendAll(id, files);
    expect(json<Package>(await post(`${id}/complete`)).state).toBe("ready");
  });
});

describe("activatePackage", () => {
  it("flips the current package, tells the catalog, and tells everybody once", async () => {
    const titleId = await test.makeTitle();
    const read = () => test.platform.kernel.units.read();
    const first = await test.makePackage(titleId, smallFiles("one"));
    expect(await test.media.currentPackage(read(), titleId)).toBeUndefined();
    expect(json<Package>(await post(`${first.id}/activate`)).current).toBe(true);
    json(await post(`${first.id}/activate`));
    expect(await test.catalog.getTitle(read(), titleId)).toMatchObject({
      playable: true,
      duration_seconds: 30,
    });
    const second = await test.makePackage(titleId, smallFiles("two"));
    json(await post(`${second.id}/activate`));
    expect(await test.media.currentPackage(read(), titleId)).toEqual({
      id: second.id,
      digest: second.digest,
      prefix: `titles/${titleId}/${second.digest}`,
      hlsPath: "master.m3u8",
      dashPath: "manifest.mpd",
      durationSeconds: 30,
      renditions: second.renditions,
    });
    expect(json<Package>(await test.publisher.get(`/v1/packages/${first.id}`)).current).toBe(false);
    const title = { title_id: titleId, duration_seconds: 30 };
    expect(await eventsOf(titleId)).toEqual([
      { ...title, package_id: first.id },
      { ...title, package_id: second.id, previous_package_id: first.id },
    ]);
  });

  it("leaves one current package, however many are activated at a time", async () => {
    const titleId = await test.makeTitle();
    const made: Package[] = [];
    for (const word of ["a", "b", "c"]) made.push(await test.makePackage(titleId, smallFiles(word)));
    await Promise.all(made.map(async ({ id }) => json(await post(`${id}/activate`))));
    const list = json<{ data: Package[] }>(await test.publisher.get(`/v1/titles/${titleId}/packages`)).data;
    expect(list.filter(({ current }) => current)).toHaveLength(1);
  });

  it("changes nothing on trial", async () => {
    const titleId = await test.makeTitle();
    const { id } = await test.makePackage(titleId, smallFiles("trial"));
    expect(json<Package>(await post(`${id}/activate?validate_only=true`)).current).toBe(true);
    expect(json<Package>(await test.publisher.get(`/v1/packages/${id}`)).current).toBe(false);
    expect(await eventsOf(titleId)).toEqual([]);
  });

  it("leaves the live package alone when a new one fails", async () => {
    const titleId = await test.makeTitle();
    const live = await test.makePackage(titleId, smallFiles("live"));
    json(await post(`${live.id}/activate`));
    const next = await test.begin(titleId, smallFiles("next"));
    expect(problem(await post(`${next.id}/complete`))).toEqual([409, "package_incomplete"]);
    test.platform.clock.advance(8 * 24 * 3_600_000);
    await test.platform.runJob("media.fail-abandoned");
    await test.platform.runJob("media.delete-objects");
    const current = await test.media.currentPackage(test.platform.kernel.units.read(), titleId);
    expect(current?.id).toBe(live.id);
    expect(await test.stored(`${current?.prefix}/master.m3u8`)).toEqual(smallFiles("live")["master.m3u8"]);
  });
});

describe("deletePackage", () => {
  it("keeps the current one, and removes the files of another", async () => {
    const titleId = await test.makeTitle();
    const live = await test.makePackage(titleId, smallFiles("kept"));
    json(await post(`${live.id}/activate`));
    expect(problem(await test.publisher.delete(`/v1/packages/${live.id}`))).toEqual([409, "package_current"]);
    const old = await test.makePackage(titleId, smallFiles("old"));
    const key = `titles/${titleId}/${old.digest}/master.m3u8`;
    expect((await test.publisher.delete(`/v1/packages/${old.id}?validate_only=true`)).statusCode).toBe(204);
    await test.platform.runJob("media.delete-objects");
    expect(await test.stored(key)).toBeDefined();
    expect((await test.publisher.delete(`/v1/packages/${old.id}`)).statusCode).toBe(204);
    await test.platform.runJob("media.delete-objects");
    expect(await test.stored(key)).toBeUndefined();
    expect(await test.stored(`titles/${titleId}/${live.digest}/master.m3u8`)).toBeDefined();
  });

  it("spares the files of a package that is begun again before they were deleted", async () => {
    const titleId = await test.makeTitle();
    const files = smallFiles("again");
    const old = await test.makePackage(titleId, files);
    await test.publisher.delete(`/v1/packages/${old.id}`);
    const again = await test.makePackage(titleId, files);
    await test.platform.runJob("media.delete-objects");
    expect(await test.stored(`titles/${titleId}/${again.digest}/master.m3u8`)).toEqual(files["master.m3u8"]);
  });
});

describe("listPackages", () => {
  it("pages through a title's packages, the newest first, and filters by state", async () => {
    const titleId = await test.makeTitle();
    const ids: string[] = [];
    for (const word of ["x", "y", "z"]) {
      test.platform.clock.advance(1_000);
      ids.unshift((await test.begin(titleId, smallFiles(word))).id);
    }
    const url = `/v1/titles/${titleId}/packages?page_size=2`;
    const first = json<{ data: Package[]; next_cursor?: string }>(await test.publisher.get(url));
    const rest = json<{ data: Package[]; next_cursor?: string }>(
      await test.publisher.get(`${url}&cursor=${first.next_cursor}`),
    );
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
    expect(rest.next_cursor).toBeUndefined();
    expect(json<{ data: Package[] }>(await test.publisher.get(`${url}&state=ready`)).data).toEqual([]);
    const nowhere = "/v1/titles/ttl_00000000000000000000000000/packages";
    expect(problem(await test.publisher.get(nowhere))).toEqual([404, "title_not_found"]);
  });
});

describe("getPackageFile", () => {
  const picture = Buffer.from([0xff, 0xd8, 0x00, 0xff]);
  const files = { ...smallFiles("pictured"), "posters/1.jpg": picture };
  const read = (id: string, path: string) =>
    test.publisher.get(`/v1/packages/${id}/files/${encodeURIComponent(path)}`);

  it("answers a file's bytes, once they have arrived", async () => {
    const { id } = await test.begin(await test.makeTitle(), files);
    expect(problem(await read(id, "posters/1.jpg"))).toEqual([404, "not_found"]);
    await test.sendAll(id, files);
    const answer = await read(id, "posters/1.jpg");
    expect(answer.rawPayload).toEqual(picture);
    expect(answer.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "content-length": "4",
    });
  });

  it("answers none of another package, title or place", async () => {
    const { id } = await test.makePackage(await test.makeTitle(), files);
    expect(problem(await read(id, "posters/2.jpg"))).toEqual([404, "not_found"]);
    for (const path of [
      "../package.json",
      "posters/../posters/1.jpg",
      "/etc/passwd",
      ".env",
      "posters//1.jpg",
    ]) {
      expect(problem(await read(id, path)), path).toEqual([400, "invalid_request"]);
    }
    const support = test.platform.as(operator("support"));
    expect((await support.get(`/v1/packages/${id}/files/posters%2F1.jpg`)).statusCode).toBe(200);
    const someone = test.platform.as(viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr"));
    expect((await someone.get(`/v1/packages/${id}/files/posters%2F1.jpg`)).statusCode).toBe(403);
  });
});

describe("getPackageReport", () => {
  const report = { schema: 1, source: { filename: "a.mp4" }, added_later: [true] };
  const files = { ...smallFiles("reported"), "package.json": Buffer.from(JSON.stringify(report)) };
  const read = (id: string) => test.publisher.get(`/v1/packages/${id}/report`);

  it("answers what the encoder wrote, once it has arrived", async () => {
    const { id } = await test.begin(await test.makeTitle(), files);
    expect(problem(await read(id))).toEqual([404, "not_found"]);
    await test.sendAll(id, files);
    expect(json(await read(id))).toEqual(report);
  });

  it("finds none in a package of another encoder", async () => {
    const { id } = await test.makePackage(await test.makeTitle(), smallFiles("bare"));
    expect(problem(await read(id))).toEqual([404, "not_found"]);
    const foreign = { ...files, "package.json": Buffer.from("[not a report") };
    const made = await test.makePackage(await test.makeTitle(), foreign);
    expect(problem(await read(made.id))).toEqual([404, "not_found"]);
    expect(problem(await read("pkg_00000000000000000000000000"))).toEqual([404, "not_found"]);
  });
});
