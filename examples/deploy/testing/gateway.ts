import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../../tools/engines/free-port.ts";

export interface Gateway {
  url: string;
  /** Where each module is served from now on. */
  route(places: Places): Promise<void>;
  /** What nginx had to say so far. */
  log(): string;
  stop(): Promise<void>;
}

/** By module: the ports of the processes that serve it. */
export type Places = ReadonlyMap<string, readonly number[]>;

const example = join(import.meta.dirname, "../nginx");

/** The example's gateway on a port of its own: its configuration as it stands, and beside it the two files that are an operator's. */
export async function startGateway(program: string, folder: string): Promise<Gateway> {
  const port = await freePort();
  await cp(example, folder, { recursive: true });
  await mkdir(join(folder, "tmp"), { recursive: true });
  await writeFile(join(folder, "listen.conf"), `listen 127.0.0.1:${port};\n`);
  const words = ["-p", folder, "-c", "nginx.conf", "-g", "daemon off;"];
  let running: ReturnType<typeof spawn> | undefined;
  let log = "";
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async route(places) {
      await writeFile(join(folder, "upstreams.conf"), upstreams(places));
      if (running !== undefined) return void running.kill("SIGHUP");
      running = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
      running.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
      while (!(await answers(`${url}/livez`))) {
        if (running.exitCode !== null) throw new Error(`nginx ended: ${log}`);
        await delay(50);
      }
    },
    log: () => log,
    async stop() {
      if (running === undefined || running.exitCode !== null) return;
      running.kill("SIGTERM");
      await once(running, "exit");
    },
  };
}

/** As upstreams.conf of the example: a process that fails is left alone for a second, less than the other one serves on when it is told to end. */
function upstreams(places: Places): string {
  return [...places]
    .map(([module, ports]) => {
      const servers = ports.map((port) => `  server 127.0.0.1:${port} max_fails=1 fail_timeout=1s;\n`);
      return `upstream ${module} {\n  zone ${module} 64k;\n${servers.join("")}  keepalive 16;\n  keepalive_timeout 1s;\n}\n`;
    })
    .join("");
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
