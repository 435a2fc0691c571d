import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { parseNetworks } from "../src/source/remote/networks.ts";
import { type SourceAccess, sourceAccess } from "../src/source/remote/source-access.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FilmServer {
  url: string;
  /** Method, path and range of what was asked, in order. */
  requests: string[];
  /** Bytes of bodies that were sent. */
  sentBytes: number;
  bytes: Buffer;
  etag: string | undefined;
  /** Asked first; what it does not answer (false) is answered well. */
  fault: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Serves one film as a good server does, with ranges and an ETag, until the test gives it a fault. */
export async function startFilmServer(bytes: Buffer, host = "127.0.0.1"): Promise<FilmServer> {
  const film: FilmServer = {
    url: "",
    requests: [],
    sentBytes: 0,
    bytes,
    etag: '"v1"',
    fault: () => false,
  };
  film.url = `${await listen((request, response) => {
    film.requests.push(`${request.method} ${request.url} ${request.headers.range ?? "-"}`);
    if (!film.fault(request, response)) serve(film, request, response);
  }, host)}/film.mp4`;
  return film;
}

/** A server of this test, gone after it. */
export async function listen(answer: Answer, host = "127.0.0.1"): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What a good server answers to the request, of the bytes and the version that the film has now. */
export function serve(
  film: FilmServer,
  request: Pick<IncomingMessage, "headers">,
  response: ServerResponse,
): void {
  const { bytes, etag } = film;
  const headers = { "accept-ranges": "bytes", ...(etag === undefined ? {} : { etag }) };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const condition = request.headers["if-range"];
  if (first === undefined || (condition !== undefined && condition !== etag)) {
    film.sentBytes += bytes.length;
    return void response.writeHead(200, { ...headers, "content-length": bytes.length }).end(bytes);
  }
  const start = Number(first);
  const end = Math.min(bytes.length, last ? Number(last) + 1 : bytes.length);
  if (start >= bytes.length)
    return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  film.sentBytes += end - start;
  response
    .writeHead(206, {
      ...headers,
      "content-range": `bytes ${start}-${end - 1}/${bytes.length}`,
      "content-length": end - start,
    })
    .end(bytes.subarray(start, end));
}

/** As an operator who opened loopback; waits are short, for nothing here is far. */
export function testAccess(more: Partial<SourceAccess> = {}): SourceAccess {
  const patience = {
    attempts: 4,
    backoffMs: 1,
    maxBackoffMs: 4,
    stallMs: 5_000,
    minBytes: 1000,
    random: () => 1,
  };
  return { ...sourceAccess({}), networks: parseNetworks("127.0.0.1"), patience, ...more };
}
