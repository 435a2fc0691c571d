import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface ReceivedRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
  text: string;
}

export type Handler = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

export interface TestServer {
  url: string;
  /** In the order that they came. */
  requests: ReceivedRequest[];
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

/** A real HTTP server for one test. */
export async function startHttpServer(handler: Handler): Promise<TestServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch {
      // The client hung up in the middle of its body.
      return;
    }
    const { method = "", url: path = "", headers } = incoming;
    const body = Buffer.concat(chunks);
    const request = { method, path, headers, body, text: body.toString() };
    requests.push(request);
    await handler(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close };
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers }).end(JSON.stringify(body));
}

/** A problem as a flix server writes it. */
export function answerProblem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  const body = { type: `/docs/errors/${code}`, title: `Title of ${code}`, status, code, request_id: "req_1" };
  answerJson(response, status, body, headers);
}
