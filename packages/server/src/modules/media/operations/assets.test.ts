import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { components } from "@flix/openapi";
import { operator, viewer } from "../../../../testing/index.ts";
import { json, newPackage, problem, smallFiles, startTestMedia, type TestMedia } from "../testing/media.ts";

type Asset = components["schemas"]["Asset"];
type AssetList = components["schemas"]["AssetList"];

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

const master = {
  kind: "master",
  filename: "film.mov",
  size_bytes: 5_000_000_000,
  sha256: "a".repeat(64),
  container: "mov",
  duration_seconds: 30.5,
  video: { codec: "prores", width: 1920, height: 1080, frame_rate: 23.976 },
  audio: [{ codec: "pcm_s24le", channels: 6, language: "en" }],
  subtitles: [{ codec: "webvtt", language: "fr" }],
};
const create = (titleId: string, body: object) =>
  test.publisher.post(`/v1/titles/${titleId}/assets`, { body: body });

describe("assets", () => {
  it("keep what they were said to be, and are the same for the same file", async () => {
    const titleId = await test.makeTitle();
    const asset = json<Asset>(await create(titleId, master), 201);
    expect(asset).toMatchObject({ ...master, title_id: titleId });
    const again = json<Asset>(await create(titleId, { ...master, filename: "copy.mov" }), 201);
    expect(again).toEqual(asset);
    expect(json<Asset>(await test.publisher.get(`/v1/assets/${asset.id}`))).toEqual(asset);
    const audio = json<Asset>(await create(titleId, { ...master, kind: "audio" }), 201);
    expect(audio.id).not.toBe(asset.id);
  });

  it("are listed by title, the newest first, to the end", async () => {
    const titleId = await test.makeTitle();
    for (const digit of ["1", "2", "3"]) {
      test.platform.clock.advance(1_000);
      json(await create(titleId, { ...master, sha256: digit.repeat(64) }), 201);
    }
    const url = `/v1/titles/${titleId}/assets?page_size=2`;
    const first = json<AssetList>(await test.publisher.get(url));
    const rest = json<AssetList>(await test.publisher.get(`${url}&cursor=${first.next_cursor}`));
    const digits = [...first.data, ...rest.data].map(({ sha256 }) => sha256[0]);
    expect(digits).toEqual(["3", "2", "1"]);
    expect(rest.next_cursor).toBeUndefined();
    expect(json<AssetList>(await test.publisher.get(`/v1/titles/${titleId}/assets?kind=audio`)).data).toEqual(
      [],
    );
  });

  it("go, and leave the packages that were made from them", async () => {
    const titleId = await test.makeTitle();
    const { id } = json<Asset>(await create(titleId, master), 201);
    const made = await test.begin(titleId, smallFiles("asset"), { asset_id: id });
    expect(made.asset_id).toBe(id);
    expect((await test.publisher.delete(`/v1/assets/${id}?validate_only=true`)).statusCode).toBe(204);
    expect((await test.publisher.delete(`/v1/assets/${id}`)).statusCode).toBe(204);
    expect(problem(await test.publisher.delete(`/v1/assets/${id}`))).toEqual([404, "not_found"]);
    expect(json(await test.publisher.get(`/v1/packages/${made.id}`))).not.toHaveProperty("asset_id");
  });

  it("need a title of a film, their own in a package, and a publisher", async () => {
    const nowhere = "ttl_00000000000000000000000000";
    expect(problem(await create(nowhere, master))).toEqual([404, "title_not_found"]);
    const series = await test.makeTitle({ kind: "series" });
    expect(problem(await create(series, master))).toEqual([422, "title_is_series"]);
    const { id } = json<Asset>(await create(await test.makeTitle(), master), 201);
    const other = await test.makeTitle();
    const body = newPackage(smallFiles("other"), { asset_id: id });
    expect(problem(await test.publisher.post(`/v1/titles/${other}/packages`, { body }))).toEqual([
      422,
      "asset_not_found",
    ]);
    const support = test.platform.as(operator("support"));
    expect((await support.get(`/v1/titles/${other}/assets`)).statusCode).toBe(200);
    expect((await support.post(`/v1/titles/${other}/assets`, { body: master })).statusCode).toBe(403);
    const someone = test.platform.as(viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr"));
    expect((await someone.get(`/v1/titles/${other}/assets`)).statusCode).toBe(403);
  });
});
