import type { StageClock } from "../../stage-clock.ts";
import type { EncodeOptions } from "../../prepare.ts";
import { fetchMaster } from "./fetch-master.ts";
import { parseMasterAddress } from "./master-address.ts";
import { sourceAccess } from "./source-access.ts";

/** Runs work on a master that lies on this disk: one that does not is fetched first. The copy goes when the work is done, and stays when it fails. */
export async function withMaster<Options extends EncodeOptions, T>(
  options: Options,
  clock: StageClock,
  work: (local: Options) => Promise<T>,
): Promise<T> {
  const address = parseMasterAddress(options.input);
  if (address.kind === "file") return work(options);
  const { workDir, signal, access = sourceAccess() } = options;
  const { path, version, discard, release } = await clock.run("fetch", (onProgress) =>
    fetchMaster(address, { workDir, access, signal, onProgress }),
  );
  try {
    const result = await work({ ...options, input: path, origin: { address, version } });
    await discard();
    return result;
  } catch (error) {
    await release();
    throw error;
  }
}
