import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { createFlix, type Flix } from "@flix/sdk";
import { findPort } from "../demo/port.ts";
import { median, type Bench, type Figure } from "./bench.ts";
import { processCpuSeconds } from "./cpu.ts";

const rounds = 5;
const roundSeconds = 3;
const connections = 20;
const path = "/v1/titles?page_size=20";

export const api: Bench = {
  question: "What does a signed-in list of 20 titles cost beside bare Fastify serving the same bytes?",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    const platform = await startPlatform(folder);
    const bare = fork(join(import.meta.dirname, "bare-server.ts"));
    try {
      const reader = await platform.flix.createMachineClient({
        body: { name: "Bench reader", scopes: ["catalog:read"] },
      });
      await makeTitles(platform.flix);
      const tokens = {
        reader: await tokenOf(platform.url, reader),
        editor: await tokenOf(platform.url, platform.operator),
      };
      const bytes = await read(platform.url, tokens.reader);
      bare.send(bytes);
      const [{ url: bareUrl }] = await once(bare, "message");
      return await compare({
        bare: () => load(bare, bareUrl, undefined),
        reader: () => load(platform.process, platform.url, tokens.reader),
        editor: () => load(platform.process, platform.url, tokens.editor),
      });
    } finally {
      bare.kill();
      platform.process.kill("SIGTERM");
      await once(platform.process, "exit");
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Credentials {
  clientId: string;
  clientSecret: string;
}

interface Platform {
  process: ChildProcess;
  url: string;
  flix: Flix;
  operator: Credentials;
}

async function startPlatform(folder: string): Promise<Platform> {
  const limits = { FLIX_RATE_LIMIT: "1000000", FLIX_ANONYMOUS_RATE_LIMIT: "1000000" };
  const port = await findPort(0);
  const env = {
    ...process.env,
    ...limits,
    FLIX_DATA: folder,
    FLIX_PORT: String(port),
    FLIX_PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const child = fork(join(import.meta.dirname, "api-server.ts"), { env });
  const [{ url, clientId, clientSecret }] = await once(child, "message");
  return {
    process: child,
    url,
    operator: { clientId, clientSecret },
    flix: createFlix({ server: url, clientId, clientSecret }),
  };
}

/** Series need no package to be published; the text of a real list: about 15 KB for 20. */
async function makeTitles(flix: Flix): Promise<void> {
  for (let number = 1; number <= 40; number += 1) {
    const cast = Array.from({ length: 6 }, (_, index) => ({
      name: `Player ${index} of ${number}`,
      role: "actor" as const,
      character: `Part ${index}`,
    }));
    const body = {
      kind: "series" as const,
      title: `Series ${number}`,
      synopsis: "A story that goes on. ".repeat(10),
      original_language: "en",
      genres: ["drama", "mystery"],
      cast,
    };
    const { id } = await flix.createTitle({ body });
    await flix.publishTitle({ title_id: id });
  }
}

async function tokenOf(
  server: string,
  credentials: Credentials | { client_id: string; client_secret: string },
): Promise<string> {
  const [clientId, clientSecret] =
    "clientId" in credentials
      ? [credentials.clientId, credentials.clientSecret]
      : [credentials.client_id, credentials.client_secret];
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

async function read(server: string, token: string): Promise<string> {
  const response = await fetch(server + path, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`The list answered ${response.status}`);
  return response.text();
}

interface Load {
  requestsPerSecond: number;
  cpuMicroseconds: number;
}

/** Loads one server and reads what its process spent; the load generator has the other core. */
async function load(server: ChildProcess, url: string, token: string | undefined): Promise<Load> {
  const before = processCpuSeconds(server.pid ?? 0);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const result = await autocannon({ url: url + path, headers, connections, duration: roundSeconds });
  const answered = result["2xx"];
  if (result.non2xx > 0 || answered === 0)
    throw new Error(`${result.non2xx} requests were not answered with 2xx`);
  return {
    requestsPerSecond: answered / result.duration,
    cpuMicroseconds: ((processCpuSeconds(server.pid ?? 0) - before) / answered) * 1e6,
  };
}

async function compare(loads: Record<"bare" | "reader" | "editor", () => Promise<Load>>): Promise<Figure[]> {
  const measured: Record<keyof typeof loads, Load[]> = { bare: [], reader: [], editor: [] };
  for (const run of Object.values(loads)) await run();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ["bare", "reader", "editor"] as const) measured[name].push(await loads[name]());
  }
  const of = (name: keyof typeof loads, what: keyof Load) => median(measured[name].map((one) => one[what]));
  const anchor = `bare Fastify: ${of("bare", "requestsPerSecond").toFixed(0)} requests/s, ${of("bare", "cpuMicroseconds").toFixed(0)} us CPU each`;
  const figure = (label: string, value: number, goal: number | undefined): Figure => ({
    label,
    value: value.toFixed(2),
    goal: goal === undefined ? "none" : `>= ${goal}`,
    met: goal === undefined || value >= goal,
    anchor,
  });
  return [
    figure(
      "requests/s, a reader's list (kept for a second)",
      of("reader", "requestsPerSecond") / of("bare", "requestsPerSecond"),
      0.7,
    ),
    figure(
      "1 / CPU a request, a reader's list (kept for a second)",
      of("bare", "cpuMicroseconds") / of("reader", "cpuMicroseconds"),
      0.7,
    ),
    figure(
      "1 / CPU a request, an editor's list, never kept",
      of("bare", "cpuMicroseconds") / of("editor", "cpuMicroseconds"),
      undefined,
    ),
  ];
}
