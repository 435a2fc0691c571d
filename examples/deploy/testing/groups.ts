import { freePort } from "../../../tools/engines/free-port.ts";
import { startServerProcess, type ServerProcess } from "../../../packages/server/testing/server-process.ts";
import type { Places } from "./gateway.ts";

/** The route groups of the example: what each process serves. */
const groups = {
  users: ["users", "ops"],
  catalog: ["catalog", "recommendations"],
  media: ["media"],
  playback: ["playback", "edge"],
  billing: ["billing", "analytics"],
} as const;

export interface Groups {
  places: Places;
  /** Ends every process with SIGTERM and starts it again on its port: the first of each group, then the second. */
  restartAll(): Promise<void>;
  kill(): Promise<void>;
}

interface Member {
  modules: readonly string[];
  port: number;
  process: ServerProcess;
}

/** Two processes of each group over the same engines. */
export async function startGroups(environment: Record<string, string>): Promise<Groups> {
  const start = async (modules: readonly string[], port: number): Promise<ServerProcess> => {
    const own = { FLIX_MODULES: modules.join(","), FLIX_PORT: String(port) };
    const process = startServerProcess({ ...environment, ...own });
    await process.logged("serving");
    return process;
  };
  const startAll = () =>
    Promise.all(
      Object.values(groups).map(async (modules): Promise<Member> => {
        const port = await freePort();
        return { modules, port, process: await start(modules, port) };
      }),
    );
  const rounds = [await startAll(), await startAll()];
  const places = new Map<string, number[]>();
  for (const { modules, port } of rounds.flat()) {
    for (const module of modules) places.set(module, [...(places.get(module) ?? []), port]);
  }
  return {
    places,
    async restartAll() {
      for (const members of rounds) {
        await Promise.all(
          members.map(async (member) => {
            member.process.child.kill("SIGTERM");
            const { status, stderr } = await member.process.ended;
            if (status !== 0) throw new Error(`A process ended with ${status}: ${stderr}`);
            member.process = await start(member.modules, member.port);
          }),
        );
      }
    },
    async kill() {
      await Promise.all(rounds.flat().map(({ process }) => process.kill()));
    },
  };
}
