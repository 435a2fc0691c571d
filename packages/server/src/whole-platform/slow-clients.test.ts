import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addClient, provisionRoot, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

let platform: WholePlatform;
let uploader: Person;
let address: { host: string; port: number };

beforeAll(async () => {
  platform = await startWholePlatform(
    {},
    {
      patience: { headersMs: 500, requestMs: 700, uploadMs: 1500, checkMs: 100 },
    },
  );
  uploader = await addClient(platform, await provisionRoot(platform), ["media:write"]);
  await platform.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = platform.app.server.address() as AddressInfo;
  address = { host: "127.0.0.1", port };
});
afterAll(() => platform?.close());

interface Ended {
  answer: string;
  afterMs: number;
}

/** Says `start`, then one byte every 50 ms, until the server has enough of it. */
function drip(start: string): Promise<Ended> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let answer = "";
    const socket: Socket = connect(address, () => socket.write(start));
    const timer = setInterval(() => socket.write("x"), 50);
    socket.setEncoding("utf8").on("data", (text) => void (answer += text));
    // Writing to a connection that the server has closed is what dripping comes to.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(timer);
      resolve({ answer, afterMs: performance.now() - startedMs });
    });
  });
}

const headers = "host: localhost\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n";

function startOf(kind: number): string {
  const upload = "/v1/uploads/upl_01k9v3c4x5e6f7g8h9j0kmnpqr/parts/1";
  const starts = [
    "GET /livez HTTP/1.1\r\nhost: localhost\r\nx-slow: ",
    `POST /v1/accounts HTTP/1.1\r\n${headers}\r\n{"name":"`,
    `POST /oauth/token HTTP/1.1\r\n${headers.replace("json", "x-www-form-urlencoded")}\r\ngrant_type=`,
    `PUT ${upload} HTTP/1.1\r\n${headers.replace("json", "octet-stream")}authorization: Bearer ${uploader.token}\r\n\r\n`,
  ];
  return starts[kind % starts.length] ?? "";
}

it("200 clients that drip lose their connections while others are served", async () => {
  const slow = Array.from({ length: 200 }, (_, kind) => drip(startOf(kind)));
  const url = `http://${address.host}:${address.port}/v1/plans`;
  for (let request = 0; request < 50; request += 1) expect((await fetch(url)).status).toBe(200);
  const ended = await Promise.all(slow);
  // The longest limit is 1.5 s; what is beyond is the machine's.
  expect(Math.max(...ended.map(({ afterMs }) => afterMs))).toBeLessThan(10_000);
  const statuses = ended.map(({ answer }) => answer.slice(0, "HTTP/1.1 408".length));
  // The provider says at once that a form is too long; an answer may be lost to a reset while the client still writes.
  for (const status of statuses) expect(["HTTP/1.1 408", "HTTP/1.1 400", ""]).toContain(status);
  expect(statuses).toContain("HTTP/1.1 408");
});

it("a client that says nothing loses its connection", async () => {
  const { host, port } = address;
  const closed = new Promise((resolve) => connect({ host, port }).resume().on("close", resolve));
  await closed;
});

it.each([
  ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", 400],
  ["headers without end", `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(20_000)}\r\n\r\n`, 400],
  [
    "two lengths",
    "POST /v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
    400,
  ],
  [
    "a length and chunks",
    "POST /v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
    400,
  ],
  ["a space before a colon", "GET /livez HTTP/1.1\r\nhost : x\r\n\r\n", 400],
])("answers %s with a problem, and hangs up", async (_kind, start, status) => {
  const { answer } = await drip(start);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toContain("content-type: application/problem+json");
  expect(head).toContain("x-content-type-options: nosniff");
  expect(head).toContain("connection: close");
  expect(JSON.parse(body)).toMatchObject({
    status,
    code: "invalid_request",
    request_id: expect.stringMatching(/^req_/),
  });
});
