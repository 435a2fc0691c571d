import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { keyFor, startSpekeServer, type SpekeServer } from "../../testing/speke-server.ts";
import type { Cpix } from "./cpix.ts";
import { systemIds } from "./drm-signal.ts";
import type { KeyRequest } from "./key-server.ts";
import { keyServerSettings } from "./key-server-settings.ts";
import { spekeKeyServer } from "./speke-key-server.ts";

const contentId = 'ttl_01k9v3c4x5e6f7g8h9j0kmnpqr & "friends"';
const quick = { waitsMs: [1, 1], timeoutMs: 2_000 };
const wanted: KeyRequest = { scheme: "cbcs", tiers: ["sd", "hd", "audio"], encodeKey: "0".repeat(64) };

function ask({ url }: Pick<SpekeServer, "url">, request: Partial<KeyRequest> = {}) {
  const env = { FLIX_KEY_SERVER: url, FLIX_KEY_SERVER_HEADERS: "Authorization: Bearer c4n4ry" };
  const asked = { ...wanted, ...request };
  const settings = keyServerSettings(asked.scheme, env);
  if (!settings) throw new Error("No key server is set");
  return spekeKeyServer(settings, contentId, quick).contentKeys(asked);
}

/** What is asked for is refused: its code and message, in which no credentials stand. */
async function refusal(asking: Promise<unknown>): Promise<string> {
  const error: unknown = await asking.catch((reason: unknown) => reason);
  const { code, message } = Object(error);
  expect(`${message} ${Object(error).hint}`).not.toContain("c4n4ry");
  return `${code}: ${message}`;
}

describe("a SPEKE key server", () => {
  it("is asked for a key a tier, and for what each DRM system has to be told of it", async () => {
    const server = await startSpekeServer();
    const answer = await ask(server);
    const [request, ...more] = server.requests;
    expect(more).toEqual([]);
    expect(request?.headers).toMatchObject({
      authorization: "Bearer c4n4ry",
      "content-type": "application/xml",
      "x-speke-version": "2.0",
    });
    const { keys, usageRules, drmSystems } = request?.document ?? {};
    expect(request?.document.contentId).toBe(contentId);
    expect(keys?.map(({ scheme }) => scheme)).toEqual(["cbcs", "cbcs", "cbcs"]);
    expect(usageRules?.map(({ intendedTrackType }) => intendedTrackType)).toEqual(["SD", "HD", "AUDIO"]);
    expect(drmSystems).toHaveLength(9);
    expect(answer).toMatchObject({
      scheme: "cbcs",
      keySystems: ["com.widevine.alpha", "com.microsoft.playready", "com.apple.fps"],
    });
    expect(answer).not.toHaveProperty("keySetId");
    expect(answer.keys.map(({ keyId }) => keyId)).toEqual(keys?.map(({ keyId }) => keyId));
    for (const { keyId, key, iv } of answer.keys) {
      expect(key).toEqual(keyFor(contentId, keyId));
      expect(iv).toEqual(keyFor("iv", keyId));
    }
    const fairPlay = answer.signals.filter(({ systemId }) => systemId === systemIds["com.apple.fps"]);
    expect(fairPlay).toHaveLength(3);
    for (const signal of fairPlay) expect(signal).not.toHaveProperty("pssh");
  });

  it("is asked for new keys each time, and its IV is left out where AES-CTR would meet it twice", async () => {
    const server = await startSpekeServer();
    const [one, two] = [await ask(server, { scheme: "cenc" }), await ask(server, { scheme: "cenc" })];
    const ids = [...one.keys, ...two.keys].map(({ keyId }) => keyId);
    expect(new Set(ids).size).toBe(6);
    for (const key of one.keys) expect(key).not.toHaveProperty("iv");
  });

  it("that fails for a moment is asked again, and one that stays away is told as that", async () => {
    const server = await startSpekeServer();
    server.failures.push(
      (response) => response.writeHead(503).end(),
      (response) => void response.destroy(),
    );
    expect((await ask(server)).keys).toHaveLength(3);
    expect(server.requests).toHaveLength(3);
    const busy = (response: ServerResponse) => response.writeHead(429).end();
    server.failures.push(busy, busy, busy);
    expect(await refusal(ask(server))).toMatch(/^key_server_unreachable: .*127.0.0.1.* answered 429/);
    const gone = { url: "http://127.0.0.1:9/speke" };
    expect(await refusal(ask(gone))).toMatch(/^key_server_unreachable: /);
  });

  it("that refuses is told with its words, once, and a redirect is not followed with the credentials", async () => {
    const server = await startSpekeServer();
    server.failures.push((response) => response.writeHead(422).end("Unsupported\nCPIX@version"));
    expect(await refusal(ask(server))).toMatch(/^key_server_refused: .* 422: Unsupported CPIX@version$/);
    expect(server.requests).toHaveLength(1);
    const other = await startSpekeServer();
    const away = (response: ServerResponse) => response.writeHead(307, { location: other.url }).end();
    server.failures.push(away, away, away);
    expect(await refusal(ask(server))).toMatch(/^key_server_unreachable: /);
    expect(other.requests).toEqual([]);
  });

  it("stops with the caller", async () => {
    const server = await startSpekeServer();
    const abort = new AbortController();
    server.failures.push(() => abort.abort());
    expect(await refusal(ask(server, { signal: abort.signal }))).toMatch(/^cancelled: /);
  });
});

const changeSystems = (change: (system: Cpix["drmSystems"][number]) => object) => (answer: Cpix) => ({
  ...answer,
  drmSystems: answer.drmSystems.map((system) => ({ ...system, ...change(system) })),
});

describe("an answer that would spoil the package", () => {
  it.each<[string, (answer: Cpix) => Cpix, RegExp]>([
    ["lacks a key", (answer) => ({ ...answer, keys: answer.keys.slice(1) }), /no key/],
    [
      "has an empty key",
      (answer) => ({ ...answer, keys: answer.keys.map(({ keyId, scheme }) => ({ keyId, scheme })) }),
      /no key/,
    ],
    [
      "is for another scheme",
      (answer) => ({ ...answer, keys: answer.keys.map((key) => ({ ...key, scheme: "cenc" })) }),
      /made for cenc/,
    ],
    ["leaves a gap", changeSystems(({ pssh }) => (pssh ? { pssh: Buffer.alloc(0) } : {})), /lacks pssh/],
    ["lacks a system", (answer) => ({ ...answer, drmSystems: answer.drmSystems.slice(1) }), /lacks/],
    [
      "has bytes in place of a PSSH",
      changeSystems(({ pssh }) => (pssh ? { pssh: Buffer.from("no box at all") } : {})),
      /no pssh box/,
    ],
    [
      "has another system's PSSH",
      changeSystems(({ pssh }) => (pssh ? { systemId: systemIds["com.widevine.alpha"] } : {})),
      /lacks|no pssh box/,
    ],
    [
      "puts a segment into the playlist",
      changeSystems(({ hlsMedia }) => ({ hlsMedia: `${hlsMedia}\nhttp://evil.example/1.m4s` })),
      /HLSSignalingData/,
    ],
    [
      "has another tag's line",
      changeSystems(() => ({ hlsMaster: "#EXT-X-STREAM-INF:BANDWIDTH=1" })),
      /HLSSignalingData/,
    ],
    [
      "closes the manifest's element",
      changeSystems(({ contentProtection }) =>
        contentProtection ? { contentProtection: "</ContentProtection><Evil/>" } : {},
      ),
      /ContentProtectionData/,
    ],
    [
      "brings an entity into the manifest",
      changeSystems(({ contentProtection }) =>
        contentProtection ? { contentProtection: '<!ENTITY x "y">' } : {},
      ),
      /ContentProtectionData/,
    ],
  ])("%s: it is refused with the reason", async (_, spoil, reason) => {
    const server = await startSpekeServer();
    server.spoil = spoil;
    const told = await refusal(ask(server));
    expect(told).toMatch(/^key_server_not_valid: /);
    expect(told).toMatch(reason);
  });

  it.each<[string, string]>([
    ["a page", "<html><body>Welcome</body></html>"],
    ["a billion laughs", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><CPIX>&b;</CPIX>'],
    ["ten megabytes", "x".repeat(10_000_000)],
  ])("is %s: refused", async (_, body) => {
    const server = await startSpekeServer();
    server.failures.push((response) => response.writeHead(200).end(body));
    expect(await refusal(ask(server))).toMatch(/^key_server_not_valid: /);
  });
});
