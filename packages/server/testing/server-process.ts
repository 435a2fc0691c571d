import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pino from "pino";
import { compose, type App } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { openDatabases } from "../src/databases.ts";
import { openObjects } from "../src/engines/objects/open-objects.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { createPlatform } from "../src/platform.ts";

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

/** `flix-server` as an operator runs it, on a free port. */
export interface ServerProcess {
  child: ChildProcess;
  /** Waits for the log line; fails when the process ends before it. */
  logged(message: string): Promise<Record<string, unknown>>;
  ended: Promise<Ended>;
  /** Ends it, by force where SIGTERM would take long; for the end of a test. */
  kill(): Promise<void>;
}

export interface ServingProcess extends ServerProcess {
  url: string;
}

/** Known here too, so that a test can make credentials beside the process. */
export const testSecret = "0f".repeat(32);

export function startServerProcess(environment: Record<string, string>): ServerProcess {
  const program = join(import.meta.dirname, "../src/main.ts");
  const child = spawn(process.execPath, ["--conditions=@flix/source", program], {
    env: { PATH: process.env["PATH"], FLIX_PORT: "0", FLIX_SECRET: testSecret, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const lines: Record<string, unknown>[] = [];
  const output = createInterface(child.stdout).on("line", (line) => lines.push(JSON.parse(line)));
  const ended = once(child, "close").then(([status, signal]) => ({ status, signal, stderr }));
  const logged = async (message: string) => {
    for (;;) {
      const line = lines.find(({ msg }) => msg === message);
      if (line) return line;
      const end = await Promise.race([ended, once(output, "line").then(() => undefined)]);
      if (end && !lines.some(({ msg }) => msg === message)) {
        throw new Error(
          `The server ended with ${end.status ?? end.signal}: ${end.stderr}${JSON.stringify(lines)}`,
        );
      }
    }
  };
  return {
    child,
    logged,
    ended,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export async function startServing(environment: Record<string, string>): Promise<ServingProcess> {
  const server = startServerProcess(environment);
  const { url } = await server.logged("serving");
  return { ...server, url: String(url) };
}

/** A token with all that an admin may do, of a server that works on this database. */
export async function adminToken(url: string, databaseUrl: string): Promise<string> {
  const { clientId, clientSecret } = await provision(databaseUrl);
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      scope: "catalog:read catalog:write media:read media:write billing:read billing:write analytics:read",
      resource: url,
    }),
  });
  const answer: unknown = await response.json();
  const token: unknown = Reflect.get(Object(answer), "access_token");
  if (typeof token === "string") return token;
  throw new Error(`No token: ${JSON.stringify(answer)}`);
}

/** Makes the credentials beside the running server, as `flix up` does inside it. */
export async function provision(databaseUrl: string): Promise<{ clientId: string; clientSecret: string }> {
  const config = readConfig({});
  const log = pino({ level: "silent" });
  const databases = openDatabases({ ...config, url: databaseUrl, log });
  let app: App | undefined;
  const platform = await createPlatform({
    config,
    clock: systemClock,
    log,
    databases,
    objects: await openObjects(config.objects),
    secret: Buffer.from(testSecret, "hex"),
    compose: (kernel) => (app = compose(kernel, config, databases)),
  });
  try {
    if (!app) throw new Error("The platform was made without its modules");
    return await app.provisionLocalOperator();
  } finally {
    await platform.stop();
    await databases.close();
  }
}
