import type { AddressInfo } from "node:net";
import type { InjectOptions } from "fastify";
import type { WholePlatform } from "./whole-platform.ts";

/** An answer, however it came. */
export interface Sent {
  statusCode: number;
  headers: Record<string, unknown>;
  body: string;
}

export type SentRequest = InjectOptions & { url: string };

/** Sends a request past the network; a stream of events, which has no end, over a socket, and hangs up on it. */
export async function send(platform: WholePlatform, request: SentRequest, isStream = false): Promise<Sent> {
  if (!isStream) return platform.app.inject(request);
  const { method = "GET", url, headers } = request;
  const hangUp = new AbortController();
  const answer = await fetch(new URL(url, await listening(platform)), {
    method,
    headers: new Headers(Object.entries({ ...headers }).map(([name, value]) => [name, String(value)])),
    signal: hangUp.signal,
  });
  const body = answer.ok ? "" : await answer.text();
  hangUp.abort();
  return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body };
}

async function listening({ app }: WholePlatform): Promise<string> {
  if (!app.server.listening) await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
