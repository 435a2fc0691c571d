import type { RunningPlatform } from "./platform.ts";

/** As every program of the house reads them from its environment. */
export interface MachineClient {
  FLIX_SERVER: string;
  FLIX_CLIENT_ID: string;
  FLIX_CLIENT_SECRET: string;
}

/** A client with these scopes and no others, as an operator makes one for a script. */
export async function createMachineClient(
  { url, json }: RunningPlatform,
  scopes: readonly string[],
): Promise<MachineClient> {
  const fields = ["-f", "name=Script", "-F", `scopes=${JSON.stringify(scopes)}`];
  const created = (await json(["api", "createMachineClient", ...fields])) as Created;
  return { FLIX_SERVER: url, FLIX_CLIENT_ID: created.client_id, FLIX_CLIENT_SECRET: created.client_secret };
}

interface Created {
  client_id: string;
  client_secret: string;
}
