import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createEmptyDatabase,
  type TestDatabase,
  withClient,
} from "../../packages/server/testing/empty-database.ts";
import { fillStock, subscribe } from "../../packages/server/src/whole-platform/testing/belongings.ts";
import { addViewer, provisionRoot } from "../../packages/server/src/whole-platform/testing/people.ts";
import { startWholePlatform } from "../../packages/server/src/whole-platform/testing/whole-platform.ts";
import { findPort } from "../demo/port.ts";

/** A database with a viewer who plays a film, and servers of which every one takes the viewer's events. */
export interface Stage {
  databaseUrl: string;
  accountId: string;
  sessionId: string;
  startServer(environment: Record<string, string>): Promise<StageServer>;
  /** How many of a session's events are recorded. */
  countRecorded(): Promise<number>;
  close(): Promise<void>;
}

export interface StageServer {
  process: ChildProcess;
  /** Sends a batch as the viewer's player; throws unless all of it was accepted. */
  send(body: Buffer): Promise<void>;
  stop(): Promise<void>;
}

export async function openStage(postgresUrl: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
  const database = await createEmptyDatabase(postgresUrl);
  const environment = {
    DATABASE_URL: database.connectionString,
    FLIX_DATA: folder,
    FLIX_SECRET: randomBytes(32).toString("hex"),
    FLIX_RATE_LIMIT: "1000000",
    FLIX_ANONYMOUS_RATE_LIMIT: "1000000",
    FLIX_PUBLIC_URL: "http://127.0.0.1:8080",
  };
  const close = async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  const viewer = await stageViewer(environment, database).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { connectionString: databaseUrl } = database;
  return {
    databaseUrl,
    ...viewer,
    startServer: (own) => startServer({ ...environment, ...own }, viewer.token),
    countRecorded: () =>
      withClient(databaseUrl, async (client) => {
        const { rows } = await client.query<{ count: string }>(
          "select count(*) from analytics.player_events where session_id = $1",
          [viewer.sessionId],
        );
        return Number(rows[0]?.count);
      }),
    close,
  };
}

/** As an operator and a viewer would, through every module; the session is that of a film which plays. */
async function stageViewer(environment: Record<string, string>, { connectionString }: TestDatabase) {
  const secret = Buffer.from(environment["FLIX_SECRET"] ?? "", "hex");
  const database = { connectionString, drop: () => Promise.resolve() };
  const platform = await startWholePlatform(environment, { database, secret });
  try {
    const stock = await fillStock(platform, await provisionRoot(platform));
    const viewer = await addViewer(platform);
    const { account_id, session_id } = await subscribe(platform, viewer, stock);
    return { accountId: account_id, sessionId: session_id, token: viewer.token ?? "" };
  } finally {
    await platform.close();
  }
}

async function startServer(environment: Record<string, string>, token: string): Promise<StageServer> {
  const port = await findPort(0);
  const env = { ...process.env, ...environment, FLIX_PORT: String(port) };
  const child = fork(join(import.meta.dirname, "api-server.ts"), { env });
  const ended = once(child, "exit");
  await Promise.race([
    once(child, "message"),
    ended.then(([code]) => Promise.reject(new Error(`The server ended with exit code ${code}`))),
  ]);
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const options = { agent, port, host: "127.0.0.1", path: "/v1/player-events", method: "POST", headers };
  return {
    process: child,
    async send(body) {
      const sending = request({ ...options, headers: { ...headers, "content-length": body.length } });
      sending.end(body);
      const [answer] = await once(sending, "response");
      let text = "";
      for await (const chunk of answer) text += chunk;
      if (text !== acceptedWhole) throw new Error(`The server answered ${answer.statusCode} ${text}`);
    },
    async stop() {
      agent.destroy();
      child.kill("SIGTERM");
      await ended;
    },
  };
}

const acceptedWhole = '{"accepted":100,"duplicates":0}';
