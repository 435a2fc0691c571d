import { stat } from "node:fs/promises";
import { EncoderError } from "../errors.ts";
import { grantOrigin, type SharedMaster, shareMaster } from "../objects/grant-master.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import type { MasterOrigin } from "../source/remote/remote-source.ts";
import type { MasterCache, MasterGrant } from "../source/sparse/master-cache.ts";
import type { Span } from "../source/sparse/sparse-master.ts";
import type { FanOut } from "./fan-out.ts";
import { taskLifeMs } from "./task-queue.ts";

/** A master as a worker may read it: a file that all machines see, or an address that holds its own signature and answers ranges. */
export type SourceGrant = { videoIndex: number } & (
  | { kind: "file"; path: string; sizeBytes: number }
  | { kind: "master"; master: MasterGrant }
);

export interface GrantableMaster {
  indexed: IndexedSource;
  /** Says what it is, as a digest does. */
  key: string;
  /** Where the very same bytes came from. */
  origin: MasterOrigin | undefined;
}

export interface GrantedSource {
  source: SourceGrant;
  /** Once no chunk is made any more. */
  remove(): Promise<void>;
}

/**
 * A master in a bucket is read where it lies. Where workers leave chunks in a bucket, any other is put beside them; where they do in a folder, they
 * see the master as they see it.
 */
export async function grantSource(
  { indexed: { path, videoIndex }, key, origin }: GrantableMaster,
  { store, access }: FanOut,
  signal: AbortSignal = new AbortController().signal,
): Promise<GrantedSource> {
  const options = { access, seconds: taskLifeMs / 1000, signal };
  const there = origin && (await grantOrigin(origin, options));
  if (there) return { source: { kind: "master", master: there, videoIndex }, remove: async () => {} };
  const shared: SharedMaster | null = await shareMaster(store, { path, key }, options);
  if (shared) return { source: { kind: "master", master: shared.grant, videoIndex }, remove: shared.remove };
  const { size } = await stat(path);
  return { source: { kind: "file", path, videoIndex, sizeBytes: size }, remove: async () => {} };
}

/** Runs work on a local file that has what the part needs, or all of it. Throws `source_not_found` where this machine does not see the file, or sees another one. */
export async function useSource<T>(
  grant: SourceGrant,
  part: { from: number; to: number | null } | null,
  masters: MasterCache,
  work: (source: IndexedSource) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { videoIndex } = grant;
  if (grant.kind === "master") {
    const span: Span | null = part && { streamIndex: videoIndex, fromSeconds: part.from, toSeconds: part.to };
    return masters.read(grant.master, span, (path) => work({ path, videoIndex }), signal);
  }
  const found = await stat(grant.path).catch(() => undefined);
  if (found?.size === grant.sizeBytes) return work({ path: grant.path, videoIndex });
  throw new EncoderError("source_not_found", {
    message: `This worker does not see the master: ${grant.path}.`,
    hint: "Keep masters where every worker sees them under the same path, or leave chunks in a bucket (FLIX_CHUNKS=s3://bucket/prefix).",
  });
}
