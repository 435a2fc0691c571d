import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Client, createClient } from "@flix/sdk";
import { onTestFinished } from "vitest";
import { type JsonFields, jsonFields } from "../src/json-fields.ts";

interface StoredFile {
  path: string;
  sizeBytes: number;
  sha256: string;
  parts: Map<number, Buffer>;
}

/** The part of the platform that an ingest speaks with, in memory, so that a test decides when it breaks. The real one is tested with the CLI. */
export interface TestPlatform {
  client: Client;
  files: StoredFile[];
  /** `POST createPackage` and the like, in order; parts only count. */
  calls: string[];
  partsReceived: number;
  reports: JsonFields[];
  /** Of the job that was opened last. */
  sourceFilename: string | undefined;
  artwork: string[];
  activated: boolean;
  /** Of the package that was begun last. */
  encodeKey: string | undefined;
  markers: unknown[];
  /** Somebody else changes the markers this many times just before they are written. */
  markersRacedFor: number;
  cancelRequested: boolean;
  /** Hangs up on every part after this many. */
  failAfterParts: number;
}

const partBytes = 64 * 1024;
const ids = {
  package: "pkg_01k9v3c4x5e6f7g8h9j0kmnpqr",
  asset: "ast_01k9v3c4x5e6f7g8h9j0kmnpqr",
  job: "job_01k9v3c4x5e6f7g8h9j0kmnpqr",
};

export async function startPlatform(): Promise<TestPlatform> {
  const server = createServer((request, response) => void handle(platform, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const platform: TestPlatform = {
    client: createClient({ server: `http://127.0.0.1:${port}`, token: "test", maxRetries: 0 }),
    files: [],
    calls: [],
    reports: [],
    sourceFilename: undefined,
    artwork: [],
    partsReceived: 0,
    activated: false,
    encodeKey: undefined,
    markers: [],
    markersRacedFor: 0,
    cancelRequested: false,
    failAfterParts: Number.POSITIVE_INFINITY,
  };
  return platform;
}

async function handle(
  platform: TestPlatform,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname } = new URL(request.url ?? "/", "http://platform");
  const route = `${request.method} ${pathname}`;
  const part = /^PUT \/v1\/uploads\/upl_(\d+)\/parts\/(\d+)$/.exec(route);
  if (part)
    return takePart(
      platform,
      platform.files[Number(part[1])],
      Number(part[2]),
      Buffer.concat(chunks),
      response,
    );
  platform.calls.push(route);
  if (route === "PUT /v1/titles/ttl_1/markers" && platform.markersRacedFor > 0) {
    platform.markersRacedFor -= 1;
    return send(response, 412, { code: "etag_stale", title: "Stale", status: 412 });
  }
  const answer = answerTo(platform, route, Buffer.concat(chunks));
  send(
    response,
    answer === null ? 404 : 200,
    answer ?? { code: "not_found", title: "Not found", status: 404 },
  );
}

function answerTo(platform: TestPlatform, route: string, body: Buffer): object | null {
  const json = (): JsonFields => jsonFields(JSON.parse(body.toString()));
  const artwork = /^PUT \/v1\/titles\/ttl_1\/artwork\/(\w+)$/.exec(route)?.[1];
  if (artwork) platform.artwork.push(artwork);
  switch (route) {
    case "POST /v1/ingest-jobs":
      platform.sourceFilename = json().text("source_filename");
      return { id: ids.job, cancel_requested: false };
    case `POST /v1/ingest-jobs/${ids.job}/report`:
      platform.reports.push(json());
      return { id: ids.job, cancel_requested: platform.cancelRequested };
    case "POST /v1/titles/ttl_1/assets":
      return { id: ids.asset };
    case "POST /v1/titles/ttl_1/packages":
      if (platform.files.length === 0) platform.files = json().list("files").map(newFile);
      platform.encodeKey = json().text("encode_key");
      return { id: ids.package, state: "uploading" };
    case "GET /v1/titles/ttl_1/packages":
      return {
        data: platform.activated
          ? [{ id: ids.package, current: true, encode_key: platform.encodeKey, duration_seconds: 5 }]
          : [],
      };
    case `GET /v1/packages/${ids.package}/uploads`:
      return { data: platform.files.map(describe).filter(({ state }) => state === "pending") };
    case `POST /v1/packages/${ids.package}/complete`:
      return { id: ids.package, state: "ready" };
    case `POST /v1/packages/${ids.package}/activate`:
      platform.activated = true;
      return { id: ids.package, state: "ready", current: true };
    case "PUT /v1/titles/ttl_1/markers":
      platform.markers = Object(JSON.parse(body.toString())).markers;
      return { title_id: "ttl_1", markers: platform.markers, etag: '"1"' };
    case "GET /v1/titles/ttl_1/markers":
      return { title_id: "ttl_1", markers: platform.markers, etag: '"0"' };
    case "GET /v1/titles/ttl_1":
      return { id: "ttl_1", artwork: [{ kind: "backdrop" }] };
    default:
      return artwork ? { id: "ttl_1" } : null;
  }
}

function newFile(file: JsonFields): StoredFile {
  return {
    path: file.text("path") ?? "",
    sizeBytes: file.number("size_bytes") ?? 0,
    sha256: file.text("sha256") ?? "",
    parts: new Map(),
  };
}

function describe(file: StoredFile, index: number) {
  const partCount = Math.ceil(file.sizeBytes / partBytes);
  return {
    id: `upl_${index}`,
    package_id: ids.package,
    path: file.path,
    size_bytes: file.sizeBytes,
    sha256: file.sha256,
    part_size_bytes: partBytes,
    part_count: partCount,
    received_parts: [...file.parts.keys()],
    state: file.parts.size === partCount ? "stored" : "pending",
  };
}

function takePart(
  platform: TestPlatform,
  file: StoredFile | undefined,
  number: number,
  bytes: Buffer,
  response: ServerResponse,
): void {
  if (!file || platform.partsReceived >= platform.failAfterParts) return void response.destroy();
  platform.partsReceived += 1;
  file.parts.set(number, bytes);
  send(response, 200, describe(file, platform.files.indexOf(file)));
}

/** The bytes that arrived are those that were promised. */
export function isComplete(platform: TestPlatform): boolean {
  return platform.files.every(({ parts, sha256 }) => {
    const bytes = Buffer.concat([...parts].toSorted(([a], [b]) => a - b).map(([, part]) => part));
    return createHash("sha256").update(bytes).digest("hex") === sha256;
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
