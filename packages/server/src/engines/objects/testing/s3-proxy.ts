import { once } from "node:events";
import { createServer, request as forward, type IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";

/** What happens to a request on its way: an answer's status instead, the connection cut after so many bytes of the answer, or time. */
export type Mishap = { status: number; body?: string } | { cutAfterBytes: number } | { wait: Promise<void> };

export interface S3Proxy {
  endpoint: string;
  /** `PUT /bucket/key?query` of every request, in order. */
  requests: string[];
  /** Answers of the store that are being read. */
  open: () => number;
}

/** A way to a real store on which things go wrong. Signatures stay right: they are of the host that the client asked. */
export async function startS3Proxy(
  store: string,
  mishapOf: (request: IncomingMessage, time: number) => Mishap | undefined,
): Promise<S3Proxy> {
  const target = new URL(store);
  const requests: string[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const mishap = mishapOf(request, requests.length);
    if (mishap && "status" in mishap) {
      request.resume();
      return void response.writeHead(mishap.status).end(mishap.body);
    }
    const pass = () => {
      const { method, url, rawHeaders } = request;
      const { hostname, port } = target;
      const onward = forward({ hostname, port, method, path: url, setHost: false, agent: false });
      for (let at = 0; at < rawHeaders.length; at += 2) {
        onward.setHeader(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
      }
      onward.once("error", () => response.destroy());
      onward.once("response", (answer) => {
        open += 1;
        answer.once("close", () => (open -= 1));
        response.once("close", () => answer.destroy());
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (!mishap || !("cutAfterBytes" in mishap)) return void answer.pipe(response);
        let sent = 0;
        answer.on("data", (chunk: Buffer) => {
          response.write(chunk.subarray(0, mishap.cutAfterBytes - sent));
          sent += chunk.length;
          if (sent < mishap.cutAfterBytes) return;
          answer.destroy();
          response.socket?.destroySoon();
        });
      });
      request.pipe(onward);
    };
    if (mishap && "wait" in mishap) void mishap.wait.then(pass);
    else pass();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { endpoint: `http://127.0.0.1:${port}`, requests, open: () => open };
}
