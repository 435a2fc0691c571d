import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { requireFile } from "../probe.ts";
import { filenameOf, type MasterAddress } from "./master-address.ts";
import type { RemoteSource } from "./remote-source.ts";

/** What tells a master from others, without reading it through: hashing a mezzanine takes minutes, and the encoder does it later anyway. */
export interface MasterIdentity {
  /** For people: its path, or its address without what grants access. */
  name: string;
  filename: string;
  /** Null where its server does not say. */
  sizeBytes: number | null;
  /** Of place, size and time of change, or of address and version. */
  fingerprint: string;
}

export async function identifyFile(
  address: Extract<MasterAddress, { kind: "file" }>,
): Promise<MasterIdentity> {
  const path = resolve(address.path);
  const { sizeBytes, modifiedMs } = await requireFile(path);
  const fingerprint = digest([path, sizeBytes, modifiedMs]);
  return { name: path, filename: filenameOf(address), sizeBytes, fingerprint };
}

export function identifyRemote({
  name,
  filename,
  sizeBytes,
  identity,
  version,
}: RemoteSource): MasterIdentity {
  return { name, filename, sizeBytes, fingerprint: digest([identity, sizeBytes, version]) };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
