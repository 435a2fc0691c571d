import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface AnsweringServer {
  url: string;
  requests: { method: string; path: string; authorization: string | undefined }[];
  stop(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Speaks HTTP as a test wants it: for answers that a platform in order does not give. */
export function startAnsweringServer(answer: Answer): Promise<AnsweringServer> {
  const requests: AnsweringServer["requests"] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    requests.push({ method, path, authorization: headers.authorization });
    await answer(request, response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const stop = () =>
        new Promise<void>((stopped) => {
          server.close(() => stopped());
          server.closeAllConnections();
        });
      resolve({ url: `http://127.0.0.1:${port}`, requests, stop });
    });
  });
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
}

export function answerProblem(
  response: ServerResponse,
  status: number,
  code: string,
  more: object = {},
): void {
  const problem = {
    type: `/docs/errors/${code}`,
    title: `Title of ${code}`,
    status,
    code,
    request_id: "req_1",
    ...more,
  };
  answerJson(response, problem, status);
}
