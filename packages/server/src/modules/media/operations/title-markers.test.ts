import type { components } from "@flix/openapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator } from "../../../../testing/index.ts";
import { json, problem, smallFiles, startTestMedia, type TestMedia } from "../testing/media.ts";

type TitleMarkers = components["schemas"]["TitleMarkers"];

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

const urlOf = (titleId: string) => `/v1/titles/${titleId}/markers`;
const read = async (titleId: string) => json<TitleMarkers>(await test.publisher.get(urlOf(titleId)));
const put = (titleId: string, body: object, etag = "*", query = "") =>
  test.publisher.put(urlOf(titleId) + query, { body, headers: { "if-match": etag } });
const credits = { kind: "credits", start_seconds: 25 };
const intro = { kind: "intro", start_seconds: 1, end_seconds: 5 };

describe("a title's markers", () => {
  it("are none at first, and in order of time once set; the operator's where nobody is named", async () => {
    const titleId = await test.makeTitle();
    expect(await read(titleId)).toEqual({ title_id: titleId, markers: [], etag: '"0"' });
    const body = { markers: [credits, { ...intro, source: "ingest" }] };
    const set = json<TitleMarkers>(await put(titleId, body, '"0"'));
    expect(set).toMatchObject({
      markers: [
        { ...intro, source: "ingest" },
        { ...credits, source: "operator" },
      ],
      etag: '"1"',
    });
    expect(await read(titleId)).toEqual(set);
  });

  it("change only from the state that was read, and not at all where that is only tried", async () => {
    const titleId = await test.makeTitle();
    json(await put(titleId, { markers: [intro] }, '"0"'));
    expect(problem(await put(titleId, { markers: [] }, '"0"'))).toEqual([412, "etag_stale"]);
    json(await put(titleId, { markers: [] }, '"1"', "?validate_only=true"));
    const without = await test.publisher.put(urlOf(titleId), { body: { markers: [] } });
    expect(problem(without)).toEqual([428, "if_match_required"]);
    expect((await read(titleId)).markers).toHaveLength(1);
  });

  it("that two set first at the same time are those of one of them", async () => {
    const titleId = await test.makeTitle();
    const both = await Promise.all(
      [intro, credits].map((marker) => put(titleId, { markers: [marker] }, '"0"')),
    );
    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 412]);
  });

  it("lie within what the title plays", async () => {
    const titleId = await test.makeTitle();
    const late = { markers: [{ kind: "credits", start_seconds: 31 }] };
    json(await put(titleId, late));
    const made = await test.makePackage(titleId, smallFiles("markers"));
    json(await test.publisher.post(`/v1/packages/${made.id}/activate`));
    const refused = await put(titleId, late);
    expect(problem(refused)).toEqual([422, "marker_beyond_end"]);
    expect(refused.json().errors).toEqual([
      { pointer: "/markers/0/start_seconds", message: "must lie within the film's 30 s" },
    ]);
    const cut = await test.media.markersOf(test.platform.kernel.units.read(), [
      { id: titleId, durationSeconds: 30 },
    ]);
    expect(cut.get(titleId)).toEqual([]);
  });

  it("are those of films and episodes, kept by publishers, and go with their title", async () => {
    expect(problem(await test.publisher.get(urlOf("ttl_00000000000000000000000000")))).toEqual([
      404,
      "title_not_found",
    ]);
    const series = await test.makeTitle({ kind: "series" });
    expect(problem(await put(series, { markers: [] }))).toEqual([422, "title_is_series"]);
    const titleId = await test.makeTitle();
    json(await put(titleId, { markers: [intro] }));
    const support = test.platform.as(operator("support"));
    expect((await support.get(urlOf(titleId))).statusCode).toBe(200);
    const body = { markers: [] };
    expect((await support.put(urlOf(titleId), { body, headers: { "if-match": "*" } })).statusCode).toBe(403);
    expect((await test.publisher.delete(`/v1/titles/${titleId}`)).statusCode).toBe(204);
    await test.platform.deliverEvents();
    const left = await test.media.markersOf(test.platform.kernel.units.read(), [
      { id: titleId, durationSeconds: 30 },
    ]);
    expect(left.size).toBe(0);
  });
});
