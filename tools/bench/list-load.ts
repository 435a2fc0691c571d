import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import autocannon from "autocannon";
import type { Flix } from "@flix/sdk";
import { median } from "./bench.ts";
import { processCpuSeconds } from "./cpu.ts";

const rounds = Number(process.env["FLIX_ROUNDS"] ?? 5);
const roundSeconds = 3;
const connections = 20;
const path = "/v1/titles?page_size=20";

/** What one round, or the median of all, came to. */
export interface Load {
  requestsPerSecond: number;
  /** Microseconds of a request: of the process that answers it, and of those before it. */
  cpu: number;
  gatewayCpu: number;
}

/** Who is asked for the list, where and as whom. */
export interface Target {
  url: string;
  token?: string;
  /** Process ids. */
  server: number;
  gateway?: readonly number[];
}

/** Series need no package to be published; the text of a real list: about 15 KB for 20. */
export async function makeTitles(flix: Flix): Promise<void> {
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

export interface BareServer {
  process: ChildProcess;
  url: string;
}

/** The anchor: asked alike, it answers with the bytes of that list. */
export async function startBareServer(server: string, token: string): Promise<BareServer> {
  const response = await fetch(server + path, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`The list answered ${response.status}`);
  const child = fork(join(import.meta.dirname, "bare-server.ts"));
  child.send(await response.text());
  const [{ url }] = await once(child, "message");
  return { process: child, url };
}

/** The targets by turns, the first round being a warm-up; the median of each. */
export async function loadAll<Name extends string>(
  targets: Readonly<Record<Name, Target>>,
): Promise<Record<Name, Load>> {
  const names = Object.keys(targets) as Name[];
  const loads = new Map<Name, Load[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, taken] of loads) {
      const load = await loadOnce(targets[name]);
      if (round > 0) taken.push(load);
    }
  }
  const of = (name: Name, what: keyof Load) => median((loads.get(name) ?? []).map((one) => one[what]));
  const medians = names.map((name) => [
    name,
    {
      requestsPerSecond: of(name, "requestsPerSecond"),
      cpu: of(name, "cpu"),
      gatewayCpu: of(name, "gatewayCpu"),
    },
  ]);
  return Object.fromEntries(medians);
}

async function loadOnce({ url, token, server, gateway = [] }: Target): Promise<Load> {
  const spent = () => ({
    server: processCpuSeconds(server),
    gateway: gateway.map(processCpuSeconds).reduce((sum, seconds) => sum + seconds, 0),
  });
  const before = spent();
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const result = await autocannon({ url: url + path, headers, connections, duration: roundSeconds });
  const after = spent();
  const answered = result["2xx"];
  if (result.non2xx > 0 || answered === 0)
    throw new Error(`${result.non2xx} requests were not answered with 2xx`);
  return {
    requestsPerSecond: answered / result.duration,
    cpu: ((after.server - before.server) / answered) * 1e6,
    gatewayCpu: ((after.gateway - before.gateway) / answered) * 1e6,
  };
}
