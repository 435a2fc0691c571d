import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { body, startTestCatalog, type TestCatalog } from "../testing/catalog.ts";
import { jpeg, png } from "../testing/images.ts";

let test: TestCatalog;
beforeAll(async () => {
  test = await startTestCatalog();
});
afterAll(() => test.platform.close());

const put = (id: string, kind: string, raw: Buffer, query = "") =>
  test.editor.put(`/v1/titles/${id}/artwork/${kind}${query}`, {
    raw,
    headers: { "content-type": "image/png" },
  });

describe("setTitleArtwork", () => {
  it("serves the picture by its digest, to everybody and for ever", async () => {
    const { id } = await test.make({ title: "Poster" });
    const [artwork] = body(await put(id, "poster", png(320, 480))).artwork;
    expect(artwork).toMatchObject({ kind: "poster", content_type: "image/png", width: 320, height: 480 });
    const url = artwork?.url ?? "";
    expect(url).toMatch(/^\/artwork\/[0-9a-f]{64}\.png$/);
    const answer = await test.platform.as().get(url);
    expect(answer.rawPayload).toEqual(png(320, 480));
    expect(answer.headers).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    const again = await test.platform
      .as()
      .get(url, { headers: { "if-none-match": `W/${answer.headers.etag}` } });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    const other = await test.platform.as().get(url, { headers: { "if-none-match": '"other"' } });
    expect(other.statusCode).toBe(200);
  });

  it("goes by the bytes, not by the header, and replaces the kind's picture only", async () => {
    const { id } = await test.make({ title: "Replaced" });
    await put(id, "poster", png(1, 1));
    await put(id, "backdrop", jpeg(1920, 1080));
    const { artwork } = body(await put(id, "poster", jpeg(2, 3)));
    expect(artwork.map(({ kind, content_type }) => [kind, content_type])).toEqual([
      ["backdrop", "image/jpeg"],
      ["poster", "image/jpeg"],
    ]);
  });

  it("refuses what is no picture, too large, or for no title, and stores nothing on trial", async () => {
    const { id } = await test.make({ title: "Refused" });
    expect((await put(id, "poster", Buffer.from("<html>"))).json().code).toBe("image_not_valid");
    expect((await put(id, "poster", Buffer.alloc(8 * 1024 * 1024 + 1))).statusCode).toBe(413);
    expect((await put("ttl_00000000000000000000000000", "poster", png(1, 1))).statusCode).toBe(404);
    const tried = body(await put(id, "poster", png(77, 77), "?validate_only=true")).artwork;
    expect((await test.platform.as().get(tried[0]?.url ?? "")).statusCode).toBe(404);
    expect((await test.platform.as().get("/artwork/..%2f..%2fsecret")).statusCode).toBe(404);
  });

  it("deletes a picture that no title shows, a day after it was stored", async () => {
    const [one, two] = [await test.make({ title: "One" }), await test.make({ title: "Two" })];
    const shared = body(await put(one.id, "poster", png(9, 9))).artwork[0]?.url ?? "";
    await put(two.id, "logo", png(9, 9));
    const status = async () => (await test.platform.as().get(shared)).statusCode;
    await put(one.id, "poster", png(9, 10));
    test.platform.clock.advance(25 * 3_600_000);
    await test.platform.runJob("catalog.delete-unused-artwork");
    expect(await status()).toBe(200);
    await test.editor.delete(`/v1/titles/${two.id}`);
    await test.platform.runJob("catalog.delete-unused-artwork");
    expect(await status()).toBe(404);
  });
});

describe("genres", () => {
  const listed = async () => {
    const answer = await test.editor.get("/v1/genres?page_size=100");
    return answer.json<{ data: { slug: string; names: object; title_count: number }[] }>().data;
  };
  const counted = async (slug: string) => (await listed()).find((genre) => genre.slug === slug)?.title_count;

  it("are those that a title has or somebody named, with the number of published titles", async () => {
    const { id } = await test.make({ title: "Counted", genres: ["noir", "heist"] });
    expect(await counted("noir")).toBe(0);
    const other = await test.make({ title: "Other", genres: ["noir"] }, { publish: true });
    expect(await counted("noir")).toBe(1);
    const change = { body: { genres: ["heist"] }, headers: { "if-match": "*" } };
    body(await test.editor.patch(`/v1/titles/${other.id}`, change));
    expect([await counted("noir"), await counted("heist")]).toEqual([0, 1]);
    await test.editor.post(`/v1/titles/${other.id}/unpublish`);
    expect(await counted("heist")).toBe(0);
    await test.editor.delete(`/v1/titles/${id}`);
    expect(await counted("noir")).toBeUndefined();
  });

  it("keep their names and come in pages", async () => {
    for (const slug of ["western", "war"]) {
      const answer = await test.editor.put(`/v1/genres/${slug}`, {
        body: { names: { en: slug, fr: `${slug}!` } },
      });
      expect(answer.json()).toEqual({ slug, names: { en: slug, fr: `${slug}!` }, title_count: 0 });
    }
    const first = (await test.editor.get("/v1/genres?page_size=1")).json();
    const next = (await test.editor.get(`/v1/genres?page_size=1&cursor=${first.next_cursor}`)).json();
    expect(first.data[0].slug < next.data[0].slug).toBe(true);
    const viewer = await test.viewerIn("FR");
    expect((await viewer.put("/v1/genres/war", { body: { names: { en: "x" } } })).statusCode).toBe(403);
  });
});
