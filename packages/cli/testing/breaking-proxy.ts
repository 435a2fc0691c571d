import { createServer, request as forward } from "node:http";

export interface BreakingProxy {
  url: string;
  stop(): Promise<void>;
}

/** Passes requests on until so many uploads have gone through; from then on it hangs up, as a platform that went away does. */
export function startBreakingProxy(target: string, { uploads }: { uploads: number }): Promise<BreakingProxy> {
  let left = uploads;
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    if (method === "PUT" && url?.startsWith("/v1/uploads/")) left -= 1;
    if (left < 0) {
      request.socket.destroy();
      return;
    }
    const passed = forward(new URL(url ?? "/", target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const stop = () =>
        new Promise<void>((stopped) => {
          server.close(() => stopped());
          server.closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${port}`, stop });
    });
  });
}
