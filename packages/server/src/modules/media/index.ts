import type { components } from "@flix/openapi";
import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Catalog } from "../catalog/index.ts";
import { openKey, type ContentKey } from "./content-keys.ts";
import { createContext } from "./context.ts";
import { forgetTitle } from "./forget-title.ts";
import { mediaJobs } from "./jobs.ts";
import { type MarkerSpan, spansWithin } from "./marker-rules.ts";
import { activatePackage } from "./operations/activate-package.ts";
import { cancelIngestJob } from "./operations/cancel-ingest-job.ts";
import { completePackage } from "./operations/complete-package.ts";
import { confirmUploadedParts } from "./operations/confirm-uploaded-parts.ts";
import { createAsset } from "./operations/create-asset.ts";
import { createIngestJob } from "./operations/create-ingest-job.ts";
import { createKeySet } from "./operations/create-key-set.ts";
import { createPackage } from "./operations/create-package.ts";
import { deleteAsset } from "./operations/delete-asset.ts";
import { deleteKeySet } from "./operations/delete-key-set.ts";
import { deletePackage } from "./operations/delete-package.ts";
import { exportKeySet } from "./operations/export-key-set.ts";
import { getAsset } from "./operations/get-asset.ts";
import { getIngestJob } from "./operations/get-ingest-job.ts";
import { getKeySet } from "./operations/get-key-set.ts";
import { getPackage } from "./operations/get-package.ts";
import { getPackageFile } from "./operations/get-package-file.ts";
import { getPackageReport } from "./operations/get-package-report.ts";
import { getTitleMarkers } from "./operations/get-title-markers.ts";
import { getUpload } from "./operations/get-upload.ts";
import { grantPackageUploads } from "./operations/grant-package-uploads.ts";
import { listAssets } from "./operations/list-assets.ts";
import { listIngestJobs } from "./operations/list-ingest-jobs.ts";
import { listKeySets } from "./operations/list-key-sets.ts";
import { listPackageUploads } from "./operations/list-package-uploads.ts";
import { listPackages } from "./operations/list-packages.ts";
import { putUploadPart } from "./operations/put-upload-part.ts";
import { reportIngestJob } from "./operations/report-ingest-job.ts";
import { setTitleMarkers } from "./operations/set-title-markers.ts";
import { packagePrefix } from "./package-paths.ts";
import { listKeys } from "./store/key-sets.ts";
import { selectMarkers } from "./store/markers.ts";
import { findCurrentPackage, findPackageOf } from "./store/packages.ts";

export type { MarkerSpan } from "./marker-rules.ts";
export type { ContentKey } from "./content-keys.ts";
export { tiersUpTo } from "./key-tiers.ts";
export type Rendition = components["schemas"]["Rendition"];
export type Protection = components["schemas"]["Protection"];

/** What a title plays now. */
export interface CurrentPackage {
  id: string;
  /** SHA-256 over the list of its files. */
  digest: string;
  /** Prefix of its objects' keys, without a trailing slash: `titles/<title_id>/<digest>`. */
  prefix: string;
  /** Paths under the prefix. */
  hlsPath: string;
  dashPath: string;
  thumbnailsPath?: string;
  posterPath?: string;
  durationSeconds: number;
  renditions: Rendition[];
  /** Undefined: it is not encrypted. */
  protection?: Protection;
}

/** What opens a package whose keys are the platform's own. */
export interface PackageKeys {
  keys: ContentKey[];
  renditions: Rendition[];
}

/** The media module, as other modules see it. */
export interface Media {
  module: Module;
  currentPackage(unit: Unit, titleId: string): Promise<CurrentPackage | undefined>;
  /** Of a package of any age; undefined when it is gone, not encrypted, or encrypted with the keys of a key server. */
  packageKeys(unit: Unit, which: { titleId: string; digest: string }): Promise<PackageKeys | undefined>;
  /** In order of time, cut to each title's length; a title without markers has no entry. */
  markersOf(unit: Unit, titles: readonly TimedTitle[]): Promise<Map<string, MarkerSpan[]>>;
}

/** A title, and how long what it plays is. */
export interface TimedTitle {
  id: string;
  durationSeconds: number;
}

export interface MediaOptions {
  catalog: Pick<Catalog, "getTitle" | "setCurrentPackage">;
  /** Whether clients bring parts straight to a store that can grant it; true by default. */
  directUploads?: boolean;
}

export function createMedia(kernel: Kernel, options: MediaOptions): Media {
  const context = createContext(kernel, options);
  const module = defineModule("media", context, operations, {
    listeners: [forgetTitle(context)],
    jobs: mediaJobs(context),
  });
  return {
    module,
    async currentPackage(unit, titleId) {
      const row = await findCurrentPackage(unit, context, titleId);
      if (!row) return undefined;
      return {
        id: row.id,
        digest: row.digest,
        prefix: packagePrefix(row),
        hlsPath: row.hls_path,
        dashPath: row.dash_path,
        ...(row.thumbnails_path === null ? {} : { thumbnailsPath: row.thumbnails_path }),
        ...(row.poster_path === null ? {} : { posterPath: row.poster_path }),
        durationSeconds: row.duration_seconds,
        renditions: row.renditions,
        ...(row.protection === null ? {} : { protection: row.protection }),
      };
    },
    async packageKeys(unit, { titleId, digest }) {
      const row = await findPackageOf(unit, context, { title_id: titleId, digest });
      if (!row || row.key_set_id === null) return undefined;
      const keys = await listKeys(unit, context, row.key_set_id);
      return { keys: keys.map((key) => openKey(context.keySeals, key)), renditions: row.renditions };
    },
    async markersOf(unit, titles) {
      const lengths = new Map(titles.map(({ id, durationSeconds }) => [id, durationSeconds]));
      const rows = await selectMarkers(unit, context, [...lengths.keys()]);
      return new Map(
        rows.map(({ title_id, markers }) => [title_id, spansWithin(markers, lengths.get(title_id) ?? 0)]),
      );
    },
  };
}

const operations = {
  activatePackage,
  cancelIngestJob,
  completePackage,
  confirmUploadedParts,
  createAsset,
  createIngestJob,
  createKeySet,
  createPackage,
  deleteAsset,
  deleteKeySet,
  deletePackage,
  exportKeySet,
  getAsset,
  getIngestJob,
  getKeySet,
  getPackage,
  getPackageFile,
  getPackageReport,
  getTitleMarkers,
  getUpload,
  grantPackageUploads,
  listAssets,
  listIngestJobs,
  listKeySets,
  listPackageUploads,
  listPackages,
  putUploadPart,
  reportIngestJob,
  setTitleMarkers,
};
