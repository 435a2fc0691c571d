import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { Agent, request, type ClientRequest, type IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import {
  adminToken,
  startServerProcess,
  startServing,
  type ServerProcess,
  type ServingProcess,
} from "../testing/server-process.ts";
import { contentDigest, newPackage, smallFiles } from "./modules/media/testing/media.ts";

let folder: string;
const processes: ServerProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-main-"));
});
afterAll(async () => {
  for (const server of processes) await server.kill();
  // PostgreSQL may still be writing its last files.
  await rm(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
});

describe("a start that cannot succeed ends with 1, says what to do, and leaves nothing", () => {
  test("all that is wrong with the configuration, together", async () => {
    const data = join(folder, "config");
    const { status, stderr } = await run({
      FLIX_DATA: data,
      FLIX_PORT: "http",
      FLIX_LOG_LEVEL: "loud",
      FLIX_SECRET: "1",
    });
    expect(status).toBe(1);
    expect(stderr.split("\n")).toEqual([
      "The configuration is not valid:",
      "  FLIX_PORT=http: must be a whole number from 0 to 65535",
      expect.stringMatching(/^ {2}FLIX_LOG_LEVEL=loud: .*one of fatal, error/),
      "  FLIX_SECRET=...: must be 64 hexadecimal digits: openssl rand -hex 32",
      "",
    ]);
    expect(await readdir(folder)).not.toContain("config");
  });

  test("a port that is taken, before the database is touched", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const { status, stderr } = await run({ FLIX_DATA: join(folder, "port"), FLIX_PORT: String(port) });
    taken.close();
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is in use.\n.*--port 8081 \\(FLIX_PORT`));
    expect(await readdir(folder)).not.toContain("port");
  });

  test("an address of another machine", async () => {
    const { status, stderr } = await run({ FLIX_DATA: join(folder, "host"), FLIX_HOST: "192.0.2.1" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/192\.0\.2\.1 is no address of this machine.\n.*--host 127\.0\.0\.1.*FLIX_HOST/);
  });

  test.each([
    ["DATABASE_URL", { DATABASE_URL: "postgres://flix:s3cret@127.0.0.1:1/flix" }],
    [
      "FLIX_BILLING_DATABASE_URL",
      {
        DATABASE_URL: inject("postgres").connectionString,
        FLIX_BILLING_DATABASE_URL: "postgres://flix:s3cret@127.0.0.1:1/flix",
      },
    ],
  ])("a database that does not answer, by the name of its variable: %s", async (variable, environment) => {
    const { status, stderr } = await run({ FLIX_DATA: join(folder, "database"), ...environment });
    expect(status).toBe(1);
    const place = `${variable}=postgres://flix@127.0.0.1:1/flix`;
    expect(stderr).toBe(
      `${place}: no server answers (connect ECONNREFUSED 127.0.0.1:1). Check that it runs, that host and port of the URL are its own, and that nothing on the way keeps it back.\n`,
    );
  });

  test("a database that was written with another secret", async () => {
    const database = await createTestDatabase(async () => {}, { template: "empty" });
    const environment = { FLIX_DATA: join(folder, "secret"), DATABASE_URL: database.connectionString };
    const first = await startServing(environment);
    first.child.kill("SIGTERM");
    expect((await first.ended).status).toBe(0);
    const { status, stderr } = await run({ ...environment, FLIX_SECRET: "f0".repeat(32) });
    await database.drop();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The database was written with another secret: set FLIX_SECRET to that one/);
  });

  async function run(environment: Record<string, string>) {
    const server = startServerProcess(environment);
    processes.push(server);
    return server.ended;
  }
});

describe("on the embedded PostgreSQL", () => {
  let server: ServingProcess;
  let token: string;
  const titles: string[] = [];

  async function start(): Promise<void> {
    server = await startServing({ FLIX_DATA: join(folder, "data") });
    processes.push(server);
    token = await adminToken(server.url, embeddedUrl());
  }

  test("SIGTERM: readiness turns red, what runs ends, what idles or streams is closed, and PostgreSQL stops", async () => {
    await start();
    const upload = await beginSlowUpload();
    const idle = new Agent({ keepAlive: true });
    const idleSocket = await keepAlive(idle);
    const idleClosed = once(idleSocket, "close");
    const tail = await fetch(`${server.url}/v1/player-events/tail`, { headers: authorization() });
    const silent = connect(Number(new URL(server.url).port), "127.0.0.1");
    await once(silent, "connect");

    server.child.kill("SIGTERM");
    await server.logged("draining");
    // A stream ends as a stream: without an error, after whole lines.
    expect(await tail.text()).toMatch(/^: following\n\n$/);
    await idleClosed;
    const readyz = await fetch(`${server.url}/readyz`);
    expect(readyz.status).toBe(503);
    expect(await readyz.json()).toMatchObject({ code: "unavailable", detail: "The process is draining." });
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const refused = await fetch(`${server.url}/v1/titles`, { headers: authorization() });
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual([
      503,
      "1",
      "close",
    ]);
    expect(await refused.json()).toMatchObject({ code: "unavailable" });

    upload.finish();
    expect(await upload.answer).toMatchObject({ status: 200, body: { state: "stored" } });
    expect(await server.ended).toEqual({ status: 0, signal: null, stderr: "" });
    expect(await postmaster()).toBeUndefined();
    silent.destroy();
    idle.destroy();
  });

  test("kill -9: the next start serves everything that was acknowledged", async () => {
    await start();
    const created = createTitles();
    await created.some(20);
    server.child.kill("SIGKILL");
    await created.end;
    await server.ended;
    await start();
    for (const id of titles) {
      expect((await fetch(`${server.url}/v1/titles/${id}`, { headers: authorization() })).status).toBe(200);
    }
    expect(titles.length).toBeGreaterThanOrEqual(20);
  });

  test("a PostgreSQL that was killed is started again, and the server with it is unready, but alive", async () => {
    const pid = await postmaster();
    process.kill(pid ?? 0, "SIGKILL");
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 503);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    await until(async () => (await fetch(`${server.url}/readyz`)).status === 200);
    expect(await postmaster()).not.toBe(pid);
    const created = createTitles();
    await created.some(1);
    created.stop();
    await created.end;
  });

  test("a second SIGINT ends the process at once, and PostgreSQL after it", async () => {
    const upload = await beginSlowUpload();
    const lost = upload.answer.catch((error: unknown) => error);
    server.child.kill("SIGINT");
    await server.logged("draining");
    server.child.kill("SIGINT");
    expect(await server.ended).toEqual({ status: 130, signal: null, stderr: "" });
    expect(await lost).toMatchObject({ code: "ECONNRESET" });
    await until(async () => (await postmaster()) === undefined);
  });

  function authorization() {
    return { authorization: `Bearer ${token}` };
  }

  async function post(path: string, body: object): Promise<{ id: string }> {
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { ...authorization(), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const made: unknown = await response.json();
    return { id: String(Reflect.get(Object(made), "id")) };
  }

  /** Creates one title after the other and remembers those that were answered, until the server is gone. */
  function createTitles() {
    const stopping = new AbortController();
    let wake = () => {};
    const before = titles.length;
    const end = (async () => {
      try {
        while (!stopping.signal.aborted) {
          const { id } = await post("/v1/titles", { kind: "film", title: `Film ${titles.length}` });
          titles.push(id);
          wake();
        }
      } catch (error) {
        if (titles.length === before) throw error;
      }
    })();
    return {
      end,
      stop: () => stopping.abort(),
      some: (count: number) =>
        Promise.race([
          end,
          new Promise<void>((resolve) => {
            wake = () => {
              if (titles.length - before >= count) resolve();
            };
          }),
        ]),
    };
  }

  /** An upload of which the server has the headers and the first half. */
  async function beginSlowUpload() {
    const { id: titleId } = await post("/v1/titles", { kind: "film", title: "Slow" });
    const film = Buffer.alloc(1_000_000, titleId);
    const files = { ...smallFiles(titleId), "video.mp4": film };
    const { id } = await post(`/v1/titles/${titleId}/packages`, newPackage(files));
    const list = await fetch(`${server.url}/v1/packages/${id}/uploads?page_size=100`, {
      headers: authorization(),
    });
    const { data } = (await list.json()) as { data: { id: string; path: string }[] };
    const upload = data.find(({ path }) => path === "video.mp4");
    const sending = request(`${server.url}/v1/uploads/${upload?.id}/parts/1`, {
      method: "PUT",
      agent: false,
      headers: {
        ...authorization(),
        "content-type": "application/octet-stream",
        "content-digest": contentDigest(film),
        "content-length": film.length,
        // Node answers this once the request is being handled.
        expect: "100-continue",
      },
    });
    const answer = readAnswer(sending);
    answer.catch(() => undefined);
    sending.flushHeaders();
    await Promise.race([once(sending, "continue"), answer]);
    sending.write(film.subarray(0, 500_000));
    return { answer, finish: () => void sending.end(film.subarray(500_000)) };
  }

  async function keepAlive(agent: Agent) {
    const asking = request(`${server.url}/livez`, { agent });
    const [socket]: Socket[] = await once(asking.end(), "socket");
    await readAnswer(asking);
    if (!socket) throw new Error("A request that is sent has a socket");
    return socket;
  }
});

function embeddedUrl(): string {
  return `postgresql://flix@localhost:5432/flix?host=${encodeURIComponent(join(folder, "data/postgres/socket"))}`;
}

async function postmaster(): Promise<number | undefined> {
  const content = await readFile(join(folder, "data/postgres/data/postmaster.pid"), "utf8").catch(
    () => undefined,
  );
  return content === undefined ? undefined : Number(content.split("\n", 1)[0]);
}

async function readAnswer(sending: ClientRequest) {
  const [response]: IncomingMessage[] = await once(sending, "response");
  if (!response) throw new Error("There was no answer");
  const body: unknown = JSON.parse(await text(response));
  return { status: response.statusCode, body };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}
