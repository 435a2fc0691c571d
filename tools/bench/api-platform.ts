import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createFlix, type Flix } from "@flix/sdk";
import { findPort } from "../demo/port.ts";

export interface ApiPlatform {
  process: ChildProcess;
  url: string;
  operator: Credentials;
  flix: Flix;
  stop(): Promise<void>;
}

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

/** The server with every module, in a process of its own; it limits nobody. */
export async function startApiPlatform(
  folder: string,
  environment: Record<string, string> = {},
): Promise<ApiPlatform> {
  const port = await findPort(0);
  const env = {
    ...process.env,
    FLIX_RATE_LIMIT: "1000000",
    FLIX_ANONYMOUS_RATE_LIMIT: "1000000",
    FLIX_DATA: folder,
    FLIX_PORT: String(port),
    FLIX_PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...environment,
  };
  const child = fork(join(import.meta.dirname, "api-server.ts"), { env });
  const exited = once(child, "exit").then(([code]) => {
    throw new Error(`The server ended with exit code ${code}`);
  });
  const [{ url, clientId, clientSecret }] = await Promise.race([once(child, "message"), exited]);
  exited.catch(() => {});
  return {
    process: child,
    url,
    operator: { clientId, clientSecret },
    flix: createFlix({ server: url, clientId, clientSecret }),
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** An access token of a machine client. */
export async function clientToken(server: string, { clientId, clientSecret }: Credentials): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  });
  const response = await fetch(`${server}/oauth/token`, { method: "POST", body });
  const answer: unknown = await response.json();
  if (typeof answer === "object" && answer !== null && "access_token" in answer)
    return String(answer.access_token);
  throw new Error(`No token: ${JSON.stringify(answer)}`);
}
