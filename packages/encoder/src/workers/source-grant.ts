import { stat } from "node:fs/promises";
import { EncoderError } from "../errors.ts";
import type { IndexedSource } from "../source/indexed-source.ts";

/** A master as a worker may read it. */
export interface SourceGrant {
  kind: "file";
  path: string;
  videoIndex: number;
  sizeBytes: number;
}

export async function grantSource({ indexed }: { indexed: IndexedSource }): Promise<SourceGrant> {
  const { size } = await stat(indexed.path);
  return { kind: "file", ...indexed, sizeBytes: size };
}

/** Throws `source_not_found` where this machine does not see the file, or sees another one. */
export async function openSource({ path, videoIndex, sizeBytes }: SourceGrant): Promise<IndexedSource> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size === sizeBytes) return { path, videoIndex };
  throw new EncoderError("source_not_found", {
    message: `This worker does not see the master: ${path}.`,
    hint: "Keep masters where every worker sees them under the same path, or use a store on S3.",
  });
}
