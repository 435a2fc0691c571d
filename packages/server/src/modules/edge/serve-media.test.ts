import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LightMyRequestResponse } from "fastify";
import { alone } from "../../../testing/index.ts";
import { readPackage } from "../playback/testing/package.ts";
import { created, openStage, type Stage, type Subscriber } from "../playback/testing/stage.ts";

let stage: Stage;
let film: string;
/** The base URL of a session without, and of one with a limit of 720 lines. */
let full: string;
let limited: string;
let origin: string;
const files = readPackage();

beforeAll(async () => {
  stage = await openStage({ environment: alone });
  origin = await stage.platform.app.listen({ host: "127.0.0.1", port: 0 });
  film = await stage.film();
  full = await open(await stage.subscriber());
  limited = await open(await stage.subscriber({ maxHeight: 720 }));
});
afterAll(() => stage?.close());

async function open(subscriber: Subscriber, titleId = film): Promise<string> {
  const answer = await stage.play(subscriber, titleId);
  return created<{ media_base_url: string }>(answer).media_base_url;
}
type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
const ask = (url: string, headers: Record<string, string> = {}, method: Method = "GET") =>
  stage.platform.app.inject({ method, url, headers });
/** Over a socket: `inject` resolves dots and backslashes, as a browser does and an attacker does not. */
async function askAsIs(path: string): Promise<{ statusCode: number | undefined; body: string }> {
  const { hostname, port } = new URL(origin);
  const [response] = await once(request({ hostname, port, path, agent: false }).end(), "response");
  return { statusCode: response.statusCode, body: await text(response) };
}
const refusal = async (answer: Promise<LightMyRequestResponse>) => {
  const { statusCode, json } = await answer;
  return [statusCode, json().code];
};

describe("serving a package", () => {
  it("answers each file whole, by its type, without a token", async () => {
    for (const [path, bytes] of files) {
      const answer = await ask(full + path);
      expect([path, answer.statusCode]).toEqual([path, 200]);
      expect(answer.rawPayload.equals(bytes)).toBe(true);
      expect(answer.headers["content-length"]).toBe(String(bytes.length));
    }
    const typeOf = async (path: string) => (await ask(full + path)).headers["content-type"];
    expect(await typeOf("master.m3u8")).toBe("application/vnd.apple.mpegurl");
    expect(await typeOf("manifest.mpd")).toBe("application/dash+xml");
    expect(await typeOf("video-360p/1.m4s")).toBe("video/mp4");
    expect(await typeOf("thumbnails/thumbnails.vtt")).toBe("text/vtt; charset=utf-8");
  });

  it("lets segments be kept for good, manifests for a minute, errors not at all", async () => {
    const cacheOf = async (path: string) => (await ask(full + path)).headers["cache-control"];
    expect(await cacheOf("video-360p/1.m4s")).toBe("private, max-age=31536000, immutable");
    expect(await cacheOf("master.m3u8")).toBe("private, max-age=60");
    expect(await cacheOf("video-360p/9.m4s")).toBe("no-store");
  });

  it("answers HEAD and conditional requests without a body", async () => {
    const head = await ask(`${full}video-360p/1.m4s`, {}, "HEAD");
    expect([head.statusCode, head.body, head.headers["content-length"]]).toEqual([
      200,
      "",
      String(files.get("video-360p/1.m4s")?.length),
    ]);
    const tag = String(head.headers["etag"]);
    for (const header of [tag, `"x", W/${tag}`, "*"]) {
      const fresh = await ask(`${full}video-360p/1.m4s`, { "if-none-match": header });
      expect([fresh.statusCode, fresh.body]).toEqual([304, ""]);
    }
    expect((await ask(`${full}video-360p/1.m4s`, { "if-none-match": '"x"' })).statusCode).toBe(200);
  });

  it("answers one range of a segment", async () => {
    const whole = files.get("video-360p/1.m4s") ?? Buffer.alloc(0);
    const url = `${full}video-360p/1.m4s`;
    const part = await ask(url, { range: "bytes=5-9" });
    expect(part.statusCode).toBe(206);
    expect(part.rawPayload.equals(whole.subarray(5, 10))).toBe(true);
    expect(part.headers["content-range"]).toBe(`bytes 5-9/${whole.length}`);
    expect((await ask(url, { range: "bytes=-4" })).rawPayload.equals(whole.subarray(-4))).toBe(true);
    const outside = await ask(url, { range: `bytes=${whole.length}-` });
    expect([outside.statusCode, outside.headers["content-range"]]).toEqual([416, `bytes */${whole.length}`]);
    expect(outside.headers["cache-control"]).toBe("no-store");
    expect((await ask(url, { range: "bytes=5-9", "if-range": '"old"' })).statusCode).toBe(200);
    expect(
      (await ask(url, { range: "bytes=5-9", "if-range": String(part.headers["etag"]) })).statusCode,
    ).toBe(206);
  });

  it("takes a query of the player's own", async () => {
    expect((await ask(`${full}video-360p/1.m4s?CMCD=br%3D400`)).statusCode).toBe(200);
  });
});

describe("a plan's height", () => {
  it("leaves higher renditions out of the manifests", async () => {
    const hls = await ask(`${limited}master.m3u8`);
    expect(hls.body).not.toContain("1080");
    expect(hls.body).toContain("video-720p/main.m3u8");
    expect(hls.headers["content-length"]).toBe(String(hls.rawPayload.length));
    const dash = await ask(`${limited}manifest.mpd`);
    expect(dash.body).not.toContain("video-1080p/");
    expect(dash.body).toContain("video-720p/init.mp4");
    const tag = String(hls.headers["etag"]);
    expect((await ask(`${limited}master.m3u8`, { "if-none-match": tag })).statusCode).toBe(304);
    expect((await ask(`${full}master.m3u8`, { "if-none-match": tag })).statusCode).toBe(200);
  });

  it("refuses every file of a higher rendition, and no other", async () => {
    for (const path of files.keys()) {
      const expected = path.startsWith("video-1080p/") ? 403 : 200;
      expect([path, (await ask(limited + path)).statusCode]).toEqual([path, expected]);
    }
  });
});

describe("what a grant does not open", () => {
  it("another title's package, although the session lives", async () => {
    const other = await open(await stage.subscriber(), await stage.film());
    const [, , grant] = full.split("/");
    const path = other.split("/").slice(3).join("/");
    expect(await refusal(ask(`/media/${grant}/${path}master.m3u8`))).toEqual([403, "media_grant_not_valid"]);
  });

  it("anything, once a character of it is another", async () => {
    const [, , grant = ""] = full.split("/");
    for (let at = 0; at < grant.length; at += 1) {
      const changed = grant.slice(0, at) + (grant[at] === "0" ? "1" : "0") + grant.slice(at + 1);
      const url = full.replace(grant, changed);
      expect(await refusal(ask(`${url}master.m3u8`))).toEqual([403, "media_grant_not_valid"]);
    }
    for (const url of ["/media/", "/media/x", "/media/x/", `/media/${grant}`])
      expect(await refusal(ask(url))).toEqual([403, "media_grant_not_valid"]);
  });

  it.each([
    "../master.m3u8",
    "video-360p/../../../secret",
    "%2e%2e/master.m3u8",
    "video-360p%2f1.m4s",
    "video-360p/..%5c1.m4s",
    "video-360p\\1.m4s",
    "/etc/passwd",
    "master.m3u8%00.jpg",
    ".draft",
    "video-360p//1.m4s",
    "video-360p/",
    "",
  ])("a path such as %j", async (path) => {
    const { statusCode, body } = await askAsIs(full + path);
    expect([statusCode, JSON.parse(body).code]).toEqual([400, "media_path_not_valid"]);
  });

  it("a folder, or a file that is not there", async () => {
    for (const path of ["video-360p", "video-360p/99.m4s"])
      expect(await refusal(ask(full + path))).toEqual([404, "not_found"]);
  });

  it("another method, whatever it sends", async () => {
    for (const method of ["POST", "PUT", "DELETE"] as const) {
      const headers = { "content-type": "application/x-unheard-of" };
      expect(await refusal(ask(`${full}master.m3u8`, headers, method))).toEqual([
        403,
        "media_grant_not_valid",
      ]);
    }
  });
});

describe("the end of a grant", () => {
  const heartbeat = ({ person }: Subscriber, id: string) =>
    stage.platform
      .as(person)
      .post(`/v1/playback-sessions/${id}/heartbeat`, { body: { position_seconds: 1, state: "paused" } });

  it("comes within seconds of the session's", async () => {
    const subscriber = await stage.subscriber();
    const session = created<{ id: string; media_base_url: string }>(await stage.play(subscriber, film));
    const url = `${session.media_base_url}video-360p/1.m4s`;
    expect((await ask(url)).statusCode).toBe(200);
    await stage.platform.as(subscriber.person).post(`/v1/playback-sessions/${session.id}/stop`, { body: {} });
    stage.platform.clock.advance(10_000);
    expect(await refusal(ask(url))).toEqual([403, "media_grant_expired"]);
  });

  it("comes with silence, so that a stream that is not counted is not served", async () => {
    const url = `${await open(await stage.subscriber())}video-360p/1.m4s`;
    stage.platform.clock.advance(89_000);
    expect((await ask(url)).statusCode).toBe(200);
    stage.platform.clock.advance(10_000);
    expect(await refusal(ask(url))).toEqual([403, "media_grant_expired"]);
  });

  it("is far behind a player that keeps its first grant through a pause of an hour", async () => {
    const subscriber = await stage.subscriber();
    const session = created<{ id: string; media_base_url: string }>(await stage.play(subscriber, film));
    for (let minute = 0; minute < 60; minute += 1) {
      stage.platform.clock.advance(60_000);
      expect((await heartbeat(subscriber, session.id)).statusCode).toBe(200);
    }
    expect((await ask(`${session.media_base_url}video-360p/2.m4s`)).statusCode).toBe(200);
  });

  it("comes by the clock, and the grant of the last heartbeat goes on", async () => {
    const subscriber = await stage.subscriber();
    const session = created<{ id: string; media_base_url: string }>(await stage.play(subscriber, film));
    let renewed = session.media_base_url;
    for (let minute = 0; minute < 125; minute += 1) {
      stage.platform.clock.advance(60_000);
      renewed = created<{ media_base_url: string }>(await heartbeat(subscriber, session.id)).media_base_url;
    }
    expect(await refusal(ask(`${session.media_base_url}master.m3u8`))).toEqual([403, "media_grant_expired"]);
    expect((await ask(`${renewed}master.m3u8`)).statusCode).toBe(200);
  });
});
