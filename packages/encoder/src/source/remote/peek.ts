import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tailSeconds } from "../extent.ts";
import { probe } from "../probe.ts";
import { openSparseMaster, type SparseMaster, type Span } from "../sparse/sparse-master.ts";
import { requireSize } from "./fetch-master.ts";
import { identifyFile, identifyRemote, type MasterIdentity } from "./identify-master.ts";
import { parseMasterAddress } from "./master-address.ts";
import { openRemote } from "./open-remote.ts";
import type { RemoteSource } from "./remote-source.ts";
import type { SourceAccess } from "./source-access.ts";

/** A master that can be looked at without all of it being here. */
export interface PeekedMaster {
  identity: MasterIdentity;
  isRemote: boolean;
  /** A file that has what a look at it reads; null where it has to be fetched as a whole first. */
  path: string | null;
  close(): Promise<void>;
}

interface PeekOptions {
  ffprobe: string;
  access: SourceAccess;
  signal?: AbortSignal | undefined;
}

export async function peekAtMaster(input: string, options: PeekOptions): Promise<PeekedMaster> {
  const address = parseMasterAddress(input);
  if (address.kind === "file") {
    return {
      identity: await identifyFile(address),
      isRemote: false,
      path: address.path,
      close: async () => {},
    };
  }
  const signal = options.signal ?? new AbortController().signal;
  const source = await openRemote(address, options.access, signal);
  requireSize(source, options.access.maxBytes);
  const identity = identifyRemote(source);
  const folder = await mkdtemp(join(tmpdir(), "flix-peek-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = source.resumable
      ? await fetchLook(source, join(folder, source.filename), { ...options, signal })
      : null;
    return { identity, isRemote: true, path, close: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Null where the container does not lead to its parts. */
async function fetchLook(
  source: RemoteSource,
  path: string,
  options: PeekOptions & { signal: AbortSignal },
): Promise<string | null> {
  const master = await openSparseMaster(source, path, options);
  if (!master) return null;
  try {
    for (const span of await looksOf(master, options)) {
      const ranges = await master.rangesOf(span);
      await master.file.fetch(ranges ?? []);
    }
  } finally {
    await master.file.close();
  }
  return path;
}

/** Where a look at a film goes beside its start: the end, to see whether it was cut, and what tells its cadence and its fields. */
async function looksOf(master: SparseMaster, { ffprobe, signal }: PeekOptions): Promise<Span[]> {
  const { durationSeconds, video } = await probe(ffprobe, master.file.path, signal);
  const seconds = durationSeconds ?? 0;
  const around = (share: number): Span => ({
    streamIndex: video.index,
    fromSeconds: Math.max(0, seconds * share - lookSeconds / 2),
    toSeconds: seconds * share + lookSeconds,
  });
  const fields = video.fields === null ? [] : [around(1 / 3)];
  if (master.tellsTimes) return fields;
  const cadence = video.variableFrameRate ? [around(0.4), around(0.8)] : [];
  const end = { streamIndex: video.index, fromSeconds: Math.max(0, seconds - tailSeconds), toSeconds: null };
  return [...fields, ...cadence, end];
}

/** More than any look takes (cadence.ts, telecine.ts). */
const lookSeconds = 12;
