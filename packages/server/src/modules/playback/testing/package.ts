import { createHash } from "node:crypto";
import { readFileSync, globSync } from "node:fs";
import { join } from "node:path";
import type { components } from "@flix/openapi";
import type { TestClient } from "../../../../testing/platform.ts";

type Schemas = components["schemas"];

/** What shaka-packager 3.4.2 wrote for six seconds of film; the segments' bytes are stood for by their paths. */
export const packaged = join(import.meta.dirname, "fixtures/shaka-packager-3.4.2");

export const packageDurationSeconds = 100;

/** The files of the package by their paths. */
export function readPackage(): Map<string, Buffer> {
  const texts = globSync("**/*.{m3u8,mpd}", { cwd: packaged }).map((path) => path.replaceAll("\\", "/"));
  const files = new Map(texts.map((path) => [path, readFileSync(join(packaged, path))]));
  for (const folder of ["video-1080p", "video-720p", "video-360p", "trick", "audio-en", "text-en"])
    for (const name of ["init.mp4", "1.m4s", "2.m4s"])
      files.set(`${folder}/${name}`, Buffer.from(`${folder}/${name};`.repeat(20)));
  return files;
}

/** Sends the package as the ingest does: file by file, completed, then made the current one. */
export async function uploadPackage(
  staff: TestClient,
  titleId: string,
  { keySet, word = "" }: { keySet?: Schemas["KeySet"] | undefined; word?: string } = {},
): Promise<void> {
  const files = readPackage();
  // Another word makes it another package.
  files.set("thumbnails/thumbnails.vtt", Buffer.from(`WEBVTT\n${word}`));
  const body = { ...newPackage(files), ...(keySet && { protection: protectionBy(keySet) }) };
  const { id } = await ask(staff.post(`/v1/titles/${titleId}/packages`, { body }));
  for (;;) {
    const { data } = await ask<{ data: { id: string; path: string }[] }>(
      staff.get(`/v1/packages/${id}/uploads?state=pending&page_size=100`),
    );
    if (data.length === 0) break;
    for (const upload of data) {
      const raw = files.get(upload.path) ?? Buffer.alloc(0);
      const digest = createHash("sha256").update(raw).digest("base64");
      const headers = { "content-type": "application/octet-stream", "content-digest": `sha-256=:${digest}:` };
      await ask(staff.put(`/v1/uploads/${upload.id}/parts/1`, { raw, headers }));
    }
  }
  await ask(staff.post(`/v1/packages/${id}/complete`));
  await ask(staff.post(`/v1/packages/${id}/activate`));
}

/** Keys for all that the package has; its bytes are not encrypted, since nothing here reads them. */
export function makeKeySet(staff: TestClient, titleId: string): Promise<Schemas["KeySet"]> {
  const body = { scheme: "cbcs", tiers: ["sd", "hd", "audio"] };
  return ask(staff.post(`/v1/titles/${titleId}/key-sets`, { body }));
}

function protectionBy({ id, scheme, keys }: Schemas["KeySet"]): Schemas["Protection"] {
  return { scheme, key_set_id: id, keys, key_systems: ["org.w3.clearkey", "com.widevine.alpha"] };
}

function newPackage(contents: Map<string, Buffer>): object {
  const files = [...contents]
    .map(([path, bytes]) => ({
      path,
      size_bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      content_type: contentTypeOf(path),
    }))
    .toSorted((left, right) => (left.path < right.path ? -1 : 1));
  const lines = files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join("");
  const video = (height: number) => ({
    id: `video-${height}p`,
    type: "video",
    codec: "avc1.640028",
    width: (height * 16) / 9,
    height,
  });
  return {
    digest: createHash("sha256").update(lines).digest("hex"),
    duration_seconds: packageDurationSeconds,
    renditions: [
      ...[1080, 720, 360].map(video),
      { id: "audio-en", type: "audio", codec: "mp4a.40.2", language: "en", channels: 2 },
      { id: "audio-en-low", type: "audio", codec: "mp4a.40.5", language: "en", channels: 2, role: "main" },
      commentary,
      { id: "text-en", type: "text", codec: "stpp", language: "en" },
      { id: "text-en-forced", type: "text", codec: "wvtt", language: "en", role: "forced" },
    ],
    hls_path: "master.m3u8",
    dash_path: "manifest.mpd",
    thumbnails_path: "thumbnails/thumbnails.vtt",
    files,
  };
}

const commentary = {
  id: "audio-en-commentary",
  type: "audio",
  codec: "mp4a.40.2",
  language: "en",
  channels: 2,
  role: "commentary",
};

function contentTypeOf(path: string): string {
  if (path.endsWith(".m3u8")) return "application/vnd.apple.mpegurl";
  if (path.endsWith(".mpd")) return "application/dash+xml";
  return path.endsWith(".vtt") ? "text/vtt" : "video/mp4";
}

async function ask<Body = { id: string }>(asking: ReturnType<TestClient["get"]>): Promise<Body> {
  const answer = await asking;
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json<Body>();
}
