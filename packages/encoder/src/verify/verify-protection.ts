import type { VideoRendition } from "../plan/video-rendition.ts";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AudioRendition } from "../audio/plan-audio.ts";
import { encryptedTracks } from "../package/encryption.ts";
import { readSegment, readTimescale } from "../package/fragments.ts";
import { readMediaPlaylist } from "../package/hls-manifest.ts";
import { layout } from "../package/layout.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import { decryptSample } from "../protection/decrypt-sample.ts";
import { encryptedBytes, readSamples, type StoredSample } from "../protection/encrypted-samples.ts";
import { readSampleEntries, type TrackEncryption } from "../protection/track-encryption.ts";
import { renditionFile } from "../work/rendition-file.ts";
import type { Encryption, Inspection } from "./inspection.ts";

/**
 * Holds a rendition of an encrypted package against what was planned: its scheme and key, what is clear of it and what is not, and
 * that its key gives back, byte for byte, what the encoder made. A rendition of a clear package is clear.
 */
export async function verifyProtection(
  inspection: Inspection,
  rendition: VideoRendition | AudioRendition,
): Promise<void> {
  const { problems, folder, plan, encryption, signal } = inspection;
  const { id } = rendition;
  const init = await readFile(join(folder, layout.init(id)));
  const entries = readSampleEntries(init);
  const entry = entries.find((one) => one !== null);
  if (!plan.protection || !encryption) {
    if (entry) problems.push(`${id} is encrypted, and nobody has asked for that`);
    return;
  }
  const { contentKeys } = encryption;
  const track = encryptedTracks(plan, contentKeys).find((one) => one.id === id);
  const key = contentKeys.keys.find(({ keyId }) => keyId === track?.keyId);
  if (!entry || !key || entry.scheme !== plan.protection.scheme || entry.keyId !== key.keyId) {
    problems.push(`${id} is not encrypted by ${plan.protection.scheme} with the key ${key?.keyId}`);
    return;
  }
  const timescale = readTimescale(init) ?? 1;
  const expected = await hashSamples(encryption, id, signal);
  let at = 0;
  for await (const { path, samples, start } of readRendition(inspection, id, entries)) {
    const isLead = start / timescale < plan.protection.clearLeadSeconds;
    if (samples.some(({ encryption }) => (encryption === null) !== isLead))
      problems.push(`${path} is ${isLead ? "encrypted, where the clear lead is" : "not encrypted"}`);
    if (!isLead && samples.every(({ encryption }) => encryptedBytes(encryption) === 0))
      problems.push(`${path} has not a byte that is encrypted`);
    const hashes = samples.map((sample) => hashOf(clearBytes(sample, key.key)));
    if (hashes.some((hash, index) => hash !== expected[at + index]))
      problems.push(`${path}, decrypted, is not what was encoded`);
    at += samples.length;
  }
  if (at !== expected.length) problems.push(`${id} has ${at} samples where ${expected.length} were encoded`);
}

interface StoredSegment {
  path: string;
  /** In units of the track's timescale. */
  start: number;
  samples: StoredSample[];
}

/** A segment at a time: a film has gigabytes of them. */
async function* readRendition(
  { folder, problems }: Inspection,
  id: string,
  entries: readonly (TrackEncryption | null)[],
): AsyncGenerator<StoredSegment> {
  const path = layout.playlist(id);
  const playlist = readMediaPlaylist(await readFile(join(folder, path), "utf8"), path);
  for (const segment of playlist.segments) {
    const bytes = await readFile(join(folder, segment.path));
    try {
      const start = readSegment(bytes)?.start ?? 0;
      yield { path: segment.path, start, samples: readSamples(bytes, entries) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(`${segment.path} does not say how it is encrypted: ${error.message}`);
    }
  }
}

function clearBytes({ data, encryption }: StoredSample, key: Buffer): Buffer {
  return encryption === null ? data : decryptSample(data, encryption, key);
}

/** As ffmpeg finds the samples in what the packager was given. */
async function hashSamples(
  { ffmpeg, renditionFolder }: Encryption,
  id: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const input = ["-protocol_whitelist", "file", "-ignore_editlist", "1", "-i", `file:${renditionFile(id)}`];
  const args = [
    "-v",
    "error",
    ...input,
    "-map",
    "0",
    "-c",
    "copy",
    "-f",
    "framehash",
    "-hash",
    "sha256",
    "-",
  ];
  const { stdout } = await readProgram(ffmpeg, args, { folder: renditionFolder, signal, timeoutMs });
  // Stream, two times, duration, size, hash, and what lies beside the sample.
  return stdout.split("\n").flatMap((line) => (/^\d/.test(line) ? (line.split(",")[5]?.trim() ?? []) : []));
}

const timeoutMs = 3_600_000;

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
