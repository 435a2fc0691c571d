import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeClip, programs, temporaryFolder, testInputs } from "../testing/clips.ts";
import { keyServerOf, type TestKeyServer } from "../testing/content-keys.ts";
import { parseDash, parseHls } from "../testing/players.ts";
import { startSpekeServer } from "../testing/speke-server.ts";
import type { EncodedPackage } from "./build.ts";
import { encode } from "./pipeline.ts";
import type { EncodeOptions } from "./prepare.ts";
import { systemIds } from "./protection/drm-signal.ts";
import { keyServerSettings } from "./protection/key-server-settings.ts";
import { spekeKeyServer } from "./protection/speke-key-server.ts";
import { readPsshSystems, readSampleEntries } from "./protection/track-encryption.ts";
import { verifyPackage } from "./verify/verify.ts";

/** One rung in each tier that the clip has. */
const ladder = [
  { width: 1280, height: 720, maxrateKbps: 1_000 },
  { width: 320, height: 180, maxrateKbps: 200 },
];

let folder: string;
let film: Pick<EncodeOptions, "input" | "subtitles" | "language" | "preset" | "ladder" | "programs">;
beforeAll(async () => {
  let remove = async (): Promise<void> => {};
  folder = await temporaryFolder((removeFolder) => (remove = removeFolder));
  const options = "-c:v libx264 -preset ultrafast -c:a aac";
  const input = await makeClip(
    join(folder, "film.mp4"),
    testInputs({ size: "1280x720", rate: "8", seconds: 5 }),
    options,
  );
  const vtt = join(folder, "en.vtt");
  await writeFile(vtt, "WEBVTT\n\n00:01.000 --> 00:04.000\nHello\n");
  const subtitles = [{ language: "en", path: vtt }];
  film = { input, subtitles, language: "en", preset: "ultrafast", ladder, programs: await programs() };
  return () => remove();
});

function encrypt(workDir: string, options: Partial<EncodeOptions>): Promise<EncodedPackage> {
  return encode({ ...film, workDir: join(folder, workDir), ...options });
}

async function filesOf({ folder: root }: EncodedPackage): Promise<Map<string, Buffer>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
}

function expectNoKeys(files: Map<string, Buffer>, server: TestKeyServer): void {
  for (const { key } of server.told().keys) {
    const forms = [key, key.toString("hex"), key.toString("base64").slice(0, 21), key.toString("base64url")];
    for (const [path, bytes] of files)
      for (const form of forms) expect(bytes.includes(form), path).toBe(false);
  }
}

describe("an encrypted package", () => {
  let server: TestKeyServer;
  let encoded: EncodedPackage;
  beforeAll(async () => {
    server = keyServerOf("a film");
    encoded = await encrypt("cbcs", { protect: "cbcs", keyServer: server });
  });

  it("has a key for each tier, and text and pictures that are clear", async () => {
    expect(server.asked.map(({ tiers }) => tiers)).toEqual([["sd", "hd", "audio"]]);
    const keys = new Map(server.told().keys.map(({ tier, keyId }) => [tier, keyId]));
    const tracks = { "video-720p": "hd", "video-180p": "sd", "audio-en": "audio" } as const;
    for (const [id, tier] of Object.entries(tracks)) {
      const init = await readFile(join(encoded.folder, id, "init.mp4"));
      expect(readSampleEntries(init)).toEqual([
        expect.objectContaining({ scheme: "cbcs", keyId: keys.get(tier) }),
      ]);
      expect(readPsshSystems(init)).toEqual([systemIds["org.w3.clearkey"]]);
    }
    const text = await readFile(join(encoded.folder, "text-en/init.mp4"));
    expect(readSampleEntries(text)).toEqual([null]);
    expect(await readFile(join(encoded.folder, "text-en/1.vtt"), "utf8")).toContain("Hello");
    expect(await readFile(join(encoded.folder, "text-en/index.m3u8"), "utf8")).not.toContain("EXT-X-KEY");
    const [poster] = await readFile(join(encoded.folder, "poster.jpg"));
    expect(poster).toBe(0xff);
  });

  it("has manifests that players' parsers take without a warning, with every track's own key", async () => {
    for (const path of [
      "master.m3u8",
      "video-720p/index.m3u8",
      "video-720p/iframes.m3u8",
      "audio-en/index.m3u8",
    ])
      expect((await parseHls(encoded.folder, path)).warnings, path).toEqual([]);
    const { manifest, warnings } = await parseDash(encoded.folder, "manifest.mpd");
    expect(warnings).toEqual([]);
    expect(manifest.playlists?.length).toBe(2);
    const mpd = await readFile(join(encoded.folder, "manifest.mpd"), "utf8");
    for (const { keyId } of server.told().keys) expect(mpd).toContain(`cenc:default_KID="${keyId}"`);
  });

  it("says how it is encrypted in its report, and holds its keys nowhere", async () => {
    const { keys, keySetId } = server.told();
    expect(encoded.report.protection).toEqual({
      scheme: "cbcs",
      clearLeadSeconds: 0,
      keySystems: ["org.w3.clearkey"],
      keySetId,
      keys: keys.map(({ keyId, tier }) => ({ keyId, tier })),
    });
    expectNoKeys(await filesOf(encoded), server);
  });

  it("that is finished is taken as it is, and only for what its keys are for", async () => {
    const again = keyServerOf("a film");
    const options = { protect: "cbcs" as const, keyServer: again };
    expect(await encrypt("cbcs", options)).toMatchObject({ reused: true, digest: encoded.digest });
    expect(again.asked).toEqual([]);
    const other = keyServerOf("another title");
    expect(await encrypt("cbcs", { ...options, keyServer: other })).toMatchObject({ reused: false });
  });

  it.each<[string, RegExp, (root: string, server: TestKeyServer) => Promise<void>]>([
    [
      "a segment in the clear",
      /video-720p\/2.m4s/,
      async (root) => {
        const clear = await encrypt("clear", {});
        await cp(join(clear.folder, "video-720p/2.m4s"), join(root, "video-720p/2.m4s"));
      },
    ],
    [
      "one byte that is another",
      /video-180p\/1.m4s, decrypted, is not what was encoded/,
      async (root) => {
        const path = join(root, "video-180p/1.m4s");
        const bytes = await readFile(path);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
        await writeFile(path, bytes);
      },
    ],
    [
      "another scheme in an init segment",
      /audio-en is not encrypted by cbcs/,
      async (root) => {
        const path = join(root, "audio-en/init.mp4");
        const init = await readFile(path);
        init.write("cenc", init.indexOf("cbcs"), "latin1");
        await writeFile(path, init);
      },
    ],
    [
      "another track's key id",
      /video-180p is not encrypted/,
      async (root, { told }) => {
        const path = join(root, "video-180p/init.mp4");
        const init = await readFile(path);
        const [from, to] = ["sd", "hd"].map((tier) => {
          const id = told().keys.find((key) => key.tier === tier)?.keyId ?? "";
          return Buffer.from(id.replaceAll("-", ""), "hex");
        });
        to?.copy(init, init.indexOf(from ?? Buffer.alloc(16)));
        await writeFile(path, init);
      },
    ],
  ])("with %s does not pass the check of what was made", async (_, reason, damage) => {
    const { plan } = encoded.report;
    const root = join(await temporaryFolder(), "package");
    const renditionFolder = join(await temporaryFolder(), "renditions");
    await cp(encoded.folder, root, { recursive: true });
    const clear = await encrypt("clear", {});
    await joinRenditions(clear, renditionFolder);
    const { ffprobe, ffmpeg } = await programs();
    const encryption = { contentKeys: server.told(), ffmpeg: ffmpeg.path, renditionFolder };
    const check = () => verifyPackage({ ffprobe: ffprobe.path, folder: root, plan, encryption });
    await check();
    await damage(root, server);
    await expect(check()).rejects.toMatchObject({
      code: "verify_failed",
      message: expect.stringMatching(reason),
    });
  });
});

/** What an encoder gave to the packager, from a package that is clear. */
async function joinRenditions({ folder: root }: EncodedPackage, to: string): Promise<void> {
  await cp(root, to, { recursive: true });
  for (const id of ["video-720p", "video-180p", "audio-en"]) {
    const parts = await Promise.all(
      ["init.mp4", "1.m4s", "2.m4s"].map((name) => readFile(join(root, id, name))),
    );
    await writeFile(join(to, `${id}.mp4`), Buffer.concat(parts));
    await rm(join(to, id), { recursive: true });
  }
}

it("every codec is encrypted alike, and a clear lead is as long as it was asked for", async () => {
  const { folder: root, report } = await encrypt("lead", {
    protect: "cenc",
    clearLeadSeconds: 4,
    codecs: ["hevc", "av1"],
    ladder: ladder.slice(1),
    keyServer: keyServerOf("a lead"),
  });
  expect(report.protection).toMatchObject({ scheme: "cenc", clearLeadSeconds: 4 });
  const video = report.renditions.filter(({ type }) => type === "video");
  expect(video.map(({ codec }) => codec.slice(0, 4)).toSorted()).toEqual(["av01", "avc1", "hvc1"]);
  for (const { id } of video) {
    const entries = readSampleEntries(await readFile(join(root, id, "init.mp4")));
    expect(entries.map((entry) => entry?.scheme)).toEqual(["cenc", undefined]);
    const lines = (await readFile(join(root, id, "index.m3u8"), "utf8")).split("\n");
    const begins = lines.findIndex((line) => line.startsWith("#EXT-X-KEY"));
    expect(lines.indexOf("1.m4s")).toBeLessThan(begins);
    expect(begins).toBeLessThan(lines.indexOf("2.m4s"));
  }
});

it("Widevine, PlayReady and FairPlay of a key server stand in every manifest and init segment", async () => {
  const speke = await startSpekeServer();
  const settings = keyServerSettings("cbcs", { FLIX_KEY_SERVER: speke.url });
  if (!settings) throw new Error("No key server is set");
  const keyServer = spekeKeyServer(settings, "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr");
  const { folder: root, report } = await encrypt("speke", { protect: "cbcs", keyServer });
  expect(report.protection?.keySystems).toEqual([
    "com.widevine.alpha",
    "com.microsoft.playready",
    "com.apple.fps",
  ]);
  expect(report.protection).not.toHaveProperty("keySetId");
  const init = await readFile(join(root, "video-720p/init.mp4"));
  expect(readPsshSystems(init)).toEqual([
    systemIds["com.widevine.alpha"],
    systemIds["com.microsoft.playready"],
  ]);
  const keyId = report.protection?.keys.find(({ tier }) => tier === "hd")?.keyId ?? "none";
  const playlist = await readFile(join(root, "video-720p/index.m3u8"), "utf8");
  expect(playlist.match(/#EXT-X-KEY/g)).toHaveLength(3);
  expect(playlist).toContain(`URI="skd://${keyId}",KEYFORMAT="com.apple.streamingkeydelivery"`);
  expect(playlist).not.toMatch(/identity|clearkey/);
  expect(await readFile(join(root, "master.m3u8"), "utf8")).toContain(
    `#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="skd://${keyId}"`,
  );
  const mpd = await readFile(join(root, "manifest.mpd"), "utf8");
  expect(mpd.match(/schemeIdUri="urn:uuid:/g)).toHaveLength(6);
  expect((await parseDash(root, "manifest.mpd")).warnings).toEqual([]);
});

it("a key server that refuses is heard of before anything is encoded, and what was encoded before is kept", async () => {
  const speke = await startSpekeServer();
  speke.failures.push((response) => response.writeHead(403).end("No such tenant"));
  const settings = keyServerSettings("cenc", { FLIX_KEY_SERVER: speke.url });
  if (!settings) throw new Error("No key server is set");
  const stages: string[] = [];
  const run = encrypt("refused", {
    protect: "cenc",
    keyServer: spekeKeyServer(settings, "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr"),
    onProgress: ({ stage }) => stages.push(stage),
  });
  await expect(run).rejects.toMatchObject({
    code: "key_server_refused",
    message: expect.stringContaining("403"),
  });
  expect(stages).not.toContain("transcode");
  expect(await readdir(join(folder, "refused"))).toEqual([]);
  await expect(encrypt("refused", { protect: "cenc" })).rejects.toMatchObject({
    code: "protection_not_valid",
  });
});
