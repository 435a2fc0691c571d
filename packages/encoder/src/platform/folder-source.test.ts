import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { PartStream } from "@flix/sdk";
import { expect, onTestFinished, test } from "vitest";
import { createFolderSource } from "./folder-source.ts";

const bytes = randomBytes(3_000_000);
const sha256 = (part: Buffer) => createHash("sha256").update(part).digest("hex");

/** A package of one file, and what streams it. */
async function makeSource(content = bytes): Promise<PartStream> {
  const folder = await mkdtemp(join(tmpdir(), "flix-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "film.mp4"), content);
  const { stream } = createFolderSource(folder, ["film.mp4"]);
  if (!stream) throw new Error("A folder streams");
  return stream;
}

async function startStore(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/film?signature=x`;
}

const lasting = () => new AbortController().signal;

test("parts side by side are what the file has there, with the granted headers and their length", async () => {
  const stream = await makeSource();
  const received = new Map<string, Buffer>();
  const url = await startStore(async (request, response) => {
    const { authorization, "x-part": part, "content-length": length } = request.headers;
    const body = await buffer(request);
    expect([authorization, Number(length), request.method]).toEqual([undefined, body.length, "PUT"]);
    received.set(String(part), body);
    response.writeHead(200).end("kept");
  });
  const cuts = [0, 1, 700_000, 1_000_000, 2_999_999, 3_000_000];
  const ranges = cuts.slice(1).map((end, index) => [cuts[index] ?? 0, end] as const);
  await Promise.all(
    ranges.map(async ([start, end]) => {
      const part = bytes.subarray(start, end);
      expect(await stream.digest("film.mp4", start, end)).toBe(sha256(part));
      const request = { url, headers: { "x-part": String(start) }, signal: lasting() };
      expect(await stream.put("film.mp4", start, end, request)).toEqual({ status: 200, text: "kept" });
    }),
  );
  for (const [start, end] of ranges)
    expect(received.get(String(start))?.equals(bytes.subarray(start, end))).toBe(true);
});

test("a store that refuses before it has read all is heard, and gets no more", async () => {
  const stream = await makeSource(randomBytes(60_000_000));
  let connections = 0;
  const url = await startStore((request, response) => {
    connections += 1;
    request.socket.once("close", () => (connections -= 1));
    // Nothing is read.
    response.writeHead(403).end("<Code>AccessDenied</Code>");
  });
  const request = { url, headers: {}, signal: lasting() };
  expect(await stream.put("film.mp4", 0, 60_000_000, request)).toEqual({
    status: 403,
    text: "<Code>AccessDenied</Code>",
  });
  await expect.poll(() => connections).toBe(0);
  expect(await stream.digest("film.mp4", 0, 10)).toHaveLength(64);
});

test("a store that is away, or hangs up, is an error that does not tell the address", async () => {
  const stream = await makeSource();
  const hangsUp = await startStore((request) => void request.socket.destroy());
  for (const url of ["http://127.0.0.1:1/film?signature=x", hangsUp]) {
    const failed = await stream
      .put("film.mp4", 0, 3_000_000, { url, headers: {}, signal: lasting() })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(`${JSON.stringify(failed)} ${String(failed)}`).not.toContain("signature");
  }
});

test("stops when it is told to", async () => {
  const stream = await makeSource();
  const stop = new AbortController();
  const url = await startStore(() => stop.abort());
  const put = stream.put("film.mp4", 0, 3_000_000, { url, headers: {}, signal: stop.signal });
  await expect(put).rejects.toThrow(/abort/i);
});

test("a file that has become shorter is told, and no file is read but those of the package", async () => {
  const stream = await makeSource();
  const changed = { code: "file_changed", detail: expect.stringContaining("film.mp4 has 3000000 bytes") };
  await expect(stream.digest("film.mp4", 2_000_000, 3_000_001)).rejects.toMatchObject(changed);
  const url = await startStore((request) => void request.resume());
  await expect(
    stream.put("film.mp4", 2_000_000, 3_000_001, { url, headers: {}, signal: lasting() }),
  ).rejects.toMatchObject(changed);
  await expect(stream.digest("../secret", 0, 1)).rejects.toThrow(/no file of the package/);
});
