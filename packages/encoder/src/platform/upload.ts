import { basename } from "node:path";
import {
  type Client,
  createAsset,
  createPackage,
  type FlixError,
  type Input,
  isFlixError,
  uploadPackageFiles,
} from "@flix/sdk";
import type { EncodedPackage } from "../build.ts";
import { cancelled, EncoderError, type Warning } from "../errors.ts";
import { fps } from "../plan/frame-rate.ts";
import type { PackageReport, SourceFacts } from "../package/report.ts";
import type { ProtectionFacts } from "../protection/protection-facts.ts";
import { createFolderSource } from "./folder-source.ts";

export interface UploadTarget {
  client: Client;
  titleId: string;
  signal?: AbortSignal | undefined;
}

type NewPackage = Input<"createPackage">["body"];

export interface RemotePackage {
  packageId: string;
  assetId: string;
  /** Of the upload; the report has those of the encode. */
  warnings: Warning[];
}

/**
 * Registers the master's facts and the package, and sends what the platform misses of its files. The same package answers the one that is
 * there already with the parts that it has, so a second run resumes. Nothing plays it before `publish`.
 */
export async function upload(
  encoded: EncodedPackage,
  target: UploadTarget,
  update: (fraction: number) => void,
): Promise<RemotePackage> {
  const { client, titleId, signal } = target;
  const call = signal ? { signal } : {};
  try {
    const asset = await createAsset(
      client,
      { title_id: titleId, body: newAsset(encoded.report.source) },
      call,
    );
    const remote = await createPackage(
      client,
      { title_id: titleId, body: newPackage(encoded, asset.id) },
      call,
    );
    const ids = { packageId: remote.id, assetId: asset.id };
    if (remote.state === "ready") return { ...ids, warnings: [] };
    const onProgress = ({ sentBytes, totalBytes }: { sentBytes: number; totalBytes: number }): void =>
      update(totalBytes === 0 ? 1 : sentBytes / totalBytes);
    const options = { ...call, onProgress };
    const paths = encoded.files.map(({ path }) => path);
    const source = createFolderSource(encoded.folder, paths);
    const { fault } = await uploadPackageFiles(client, remote.id, source, options);
    return { ...ids, warnings: fault ? [storeNotReached(fault)] : [] };
  } catch (error) {
    throw explainUpload(error, signal);
  }
}

function storeNotReached({ message }: FlixError): Warning {
  return {
    code: "store_not_reached",
    message: `Files went through the platform, since its store did not take them from here (${message}). Where it never can, set FLIX_DIRECT_UPLOADS=off there.`,
  };
}

/** What the platform refused or did not answer, as an error of this package; the platform's own code goes with it. */
export function explainUpload(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return cancelled();
  if (!isFlixError(error)) return error;
  if (error.code === "no_space") {
    return new EncoderError("no_space", {
      message: "The platform's storage is full.",
      hint: "Free some space there or add storage, then run the same command again: it resumes.",
      cause: error,
    });
  }
  if (error.code === "package_protection_not_valid") {
    return new EncoderError("key_set_not_valid", {
      message: `The platform does not have the keys that this package is encrypted with: ${error.message}.`,
      hint: "Its keys were deleted. Run the same command again: it encrypts the film with new ones.",
      cause: error,
    });
  }
  return new EncoderError("upload_failed", {
    message: `The platform did not take the package (${error.code}): ${error.message}.`,
    hint: "The encoded package is kept. Run the same command again: it goes on with what is missing.",
    cause: error,
  });
}

function newAsset(source: SourceFacts): Input<"createAsset">["body"] {
  const { video } = source;
  return {
    kind: "master",
    filename: contractFilename(source.filename),
    size_bytes: source.sizeBytes,
    sha256: source.sha256,
    container: source.container,
    duration_seconds: source.durationSeconds,
    video: {
      codec: video.codec,
      width: video.displayWidth,
      height: video.displayHeight,
      frame_rate: fps(video.averageFrameRate),
      interlaced: video.fields !== null,
      ...(video.bitrateBps === null ? {} : { bitrate_bps: Math.round(video.bitrateBps) }),
      color_transfer: video.color.transfer,
    },
    audio: source.audio.map(({ codec, channels, sampleRateHz, language }) => ({
      codec,
      channels: Math.max(1, channels),
      ...(sampleRateHz > 0 ? { sample_rate_hz: sampleRateHz } : {}),
      ...(language === null ? {} : { language }),
    })),
    subtitles: source.subtitles.map(({ codec, language }) => ({
      codec,
      ...(language === null ? {} : { language }),
    })),
  };
}

function newPackage(
  { digest, files, report }: EncodedPackage,
  assetId: string,
): Input<"createPackage">["body"] {
  return {
    digest,
    asset_id: assetId,
    encode_key: report.encodeKey,
    duration_seconds: report.durationSeconds,
    hls_path: report.hlsPath,
    dash_path: report.dashPath,
    thumbnails_path: report.thumbnailsPath,
    poster_path: report.posterPath,
    renditions: report.renditions.map(newRendition),
    ...(report.protection && { protection: newProtection(report.protection) }),
    files: files.map(({ path, sizeBytes, sha256, contentType }) => ({
      path,
      size_bytes: sizeBytes,
      sha256,
      content_type: contentType,
    })),
  };
}

function newRendition(facts: PackageReport["renditions"][number]): NewPackage["renditions"][number] {
  const { id, type, codec, width, height, frameRate, language, channels, role } = facts;
  return {
    id,
    type,
    codec,
    bitrate_bps: facts.bitrateBps,
    peak_bitrate_bps: facts.peakBitrateBps,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(frameRate === undefined ? {} : { frame_rate: frameRate }),
    ...(language === undefined ? {} : { language }),
    ...(channels === undefined ? {} : { channels }),
    ...(role === undefined ? {} : { role }),
  };
}

function newProtection({ scheme, keySetId, keys, keySystems }: ProtectionFacts): NewPackage["protection"] {
  return {
    scheme,
    ...(keySetId === undefined ? {} : { key_set_id: keySetId }),
    keys: keys.map(({ keyId, tier }) => ({ key_id: keyId, tier })),
    key_systems: [...keySystems],
  };
}

/** A name may hold line feeds on disk; the contract takes no control characters. */
export function contractFilename(path: string): string {
  return basename(path)
    .replaceAll(/[/\\\p{Cc}]/gu, "_")
    .slice(0, 255);
}
