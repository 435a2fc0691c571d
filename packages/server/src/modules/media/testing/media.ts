import { createHash } from "node:crypto";
import type { components } from "@flix/openapi";
import type { LightMyRequestResponse } from "fastify";
import { expect } from "vitest";
import type { Objects } from "../../../engines/objects/objects.ts";
import { readObject } from "../../../engines/objects/read-object.ts";
import { FlixError } from "../../../kernel/errors.ts";
import { operator, startTestPlatform, type TestPlatform } from "../../../../testing/index.ts";
import { createCatalog, type Catalog } from "../../catalog/index.ts";
import { createUsers } from "../../users/index.ts";
import { createMedia, type Media, type MediaOptions } from "../index.ts";
import { packageDigest } from "../package-files.ts";

type Schemas = components["schemas"];
export type Files = Record<string, Buffer>;
export const partBytes = 5 * 1024 * 1024;

export interface TestMedia {
  platform: TestPlatform;
  catalog: Catalog;
  media: Media;
  publisher: ReturnType<TestPlatform["as"]>;
  objects: Objects;
  /** Makes every write fail as on a full disk. */
  fillStore(full: boolean): void;
  makeTitle(title?: Record<string, unknown>): Promise<string>;
  begin(titleId: string, files: Files, changes?: Partial<Schemas["NewPackage"]>): Promise<Schemas["Package"]>;
  uploadsOf(packageId: string, query?: string): Promise<Schemas["Upload"][]>;
  send(uploadId: string, part: number, bytes: Buffer, digest?: string): Promise<LightMyRequestResponse>;
  /** Sends what is pending. */
  sendAll(packageId: string, files: Files): Promise<void>;
  /** A package that is ready. */
  makePackage(titleId: string, files: Files): Promise<Schemas["Package"]>;
  stored(key: string): Promise<Buffer | undefined>;
}

/** A platform with users, catalog and media over a fresh database and an empty store, a directory where no other is named. */
export async function startTestMedia(
  environment: Record<string, string> = {},
  options: Pick<MediaOptions, "directUploads"> = {},
): Promise<TestMedia> {
  let faces: { catalog: Catalog; media: Media; objects: Objects } | undefined;
  let full = false;
  const platform = await startTestPlatform({
    compose: (kernel) => {
      const users = createUsers(kernel);
      const catalog = createCatalog(kernel);
      const { objects } = kernel;
      // The one part that is not real: a disk cannot be filled here.
      const put: Objects["put"] = (key, body, options) =>
        full ? Promise.reject(new FlixError("no_space")) : objects.put(key, body, options);
      const media = createMedia({ ...kernel, objects: { ...objects, put } }, { catalog, ...options });
      faces = { catalog, media, objects };
      return [users.module, catalog.module, media.module];
    },
    environment: { FLIX_MODULES: "catalog,media", ...environment },
  });
  if (!faces) throw new Error("The platform composed no modules");
  const { catalog, media, objects } = faces;
  const publisher = platform.as(operator("publisher"));

  const begin: TestMedia["begin"] = async (titleId, files, changes = {}) => {
    const body = newPackage(files, changes);
    return json(await publisher.post(`/v1/titles/${titleId}/packages`, { body }), 201);
  };
  const uploadsOf: TestMedia["uploadsOf"] = async (packageId, query = "") => {
    const url = `/v1/packages/${packageId}/uploads?page_size=100${query}`;
    return json<{ data: Schemas["Upload"][] }>(await publisher.get(url)).data;
  };
  const send: TestMedia["send"] = (uploadId, part, bytes, digest = contentDigest(bytes)) =>
    publisher.put(`/v1/uploads/${uploadId}/parts/${part}`, {
      raw: bytes,
      headers: { "content-type": "application/octet-stream", "content-digest": digest },
    });
  const sendAll: TestMedia["sendAll"] = async (packageId, files) => {
    for (const { id, path, part_count } of await uploadsOf(packageId, "&state=pending")) {
      for (let part = 1; part <= part_count; part += 1) {
        json(await send(id, part, partOf(files[path] ?? Buffer.alloc(0), part)));
      }
    }
  };
  return {
    platform,
    catalog,
    media,
    publisher,
    objects,
    begin,
    uploadsOf,
    send,
    sendAll,
    fillStore: (next) => void (full = next),
    async makeTitle(title = {}) {
      const body = { kind: "film", title: "A film", ...title };
      return json<{ id: string }>(await publisher.post("/v1/titles", { body }), 201).id;
    },
    async makePackage(titleId, files) {
      const { id } = await begin(titleId, files);
      await sendAll(id, files);
      return json(await publisher.post(`/v1/packages/${id}/complete`));
    },
    stored: (key) => readObject(objects, key),
  };
}

export function newPackage(
  files: Files,
  changes: Partial<Schemas["NewPackage"]> = {},
): Schemas["NewPackage"] {
  const list = Object.entries(files).map(([path, bytes]) => ({
    path,
    size_bytes: bytes.length,
    sha256: sha256(bytes),
    content_type: "video/mp4" as const,
  }));
  return {
    digest: packageDigest(changes.files ?? list),
    duration_seconds: 30,
    renditions: [{ id: "video-240p", type: "video", codec: "avc1.640015", width: 426, height: 240 }],
    hls_path: "master.m3u8",
    dash_path: "manifest.mpd",
    files: list,
    ...changes,
  };
}

/** The smallest package there is, told apart by a word. */
export function smallFiles(word: string): Files {
  return {
    "manifest.mpd": Buffer.from(`<MPD>${word}</MPD>`),
    "master.m3u8": Buffer.from(`#EXTM3U ${word}`),
    "video-240p/1.m4s": Buffer.from(`segment of ${word}`),
  };
}

export function partOf(bytes: Buffer, part: number): Buffer {
  return bytes.subarray((part - 1) * partBytes, part * partBytes);
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function contentDigest(bytes: Buffer): string {
  return `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;
}

/** The body of an answer that has to be a success. */
export function json<Body>(answer: LightMyRequestResponse, status = 200): Body {
  expect(answer.statusCode, answer.body).toBe(status);
  return answer.json<Body>();
}

/** Status and code of an answer that has to be an error. */
export function problem(answer: LightMyRequestResponse): [number, string] {
  const { status, code } = answer.json<{ status: number; code: string }>();
  return [status, code];
}
