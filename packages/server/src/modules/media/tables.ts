import type { components } from "@flix/openapi";
import type { ColumnType, Generated } from "kysely";

type Schemas = components["schemas"];
/** Written as text, since pg sends an array as a PostgreSQL array. */
type Json<Value> = ColumnType<Value, string, string>;
type OptionalJson<Value> = ColumnType<Value | null, string | null | undefined, string | null>;

export interface MediaTables {
  assets: AssetsTable;
  packages: PackagesTable;
  uploads: UploadsTable;
  upload_parts: { upload_id: string; part_number: number; sha256: string; received_at: Date };
  multiparts: { upload_id: string; id: string };
  markers: MarkersTable;
  key_sets: KeySetsTable;
  content_keys: ContentKeysTable;
  deletions: { prefix: string; requested_at: Date; again_at: Generated<Date | null> };
  ingest_jobs: IngestJobsTable;
}

interface AssetsTable {
  id: string;
  title_id: string;
  kind: Schemas["AssetKind"];
  filename: string;
  size_bytes: number;
  sha256: string;
  language: string | null;
  container: string | null;
  duration_seconds: number | null;
  video: OptionalJson<Schemas["VideoStream"]>;
  audio: Json<Schemas["AudioStream"][]>;
  subtitles: Json<Schemas["SubtitleStream"][]>;
  created_at: Date;
}

interface PackagesTable {
  id: string;
  title_id: string;
  asset_id: string | null;
  digest: string;
  encode_key: string | null;
  state: Generated<Schemas["PackageState"]>;
  is_current: Generated<boolean>;
  duration_seconds: number;
  renditions: Json<Schemas["Rendition"][]>;
  protection: OptionalJson<Schemas["Protection"]>;
  key_set_id: string | null;
  hls_path: string;
  dash_path: string;
  thumbnails_path: string | null;
  poster_path: string | null;
  size_bytes: number;
  file_count: number;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

interface KeySetsTable {
  id: string;
  title_id: string;
  scheme: Schemas["EncryptionScheme"];
  encode_key: string | null;
  created_at: Date;
}

interface ContentKeysTable {
  key_id: string;
  key_set_id: string;
  tier: Schemas["KeyTier"];
  sealed_key: Buffer;
  sealed_by: string;
}

interface UploadsTable {
  id: string;
  package_id: string;
  path: string;
  content_type: Schemas["PackageContentType"];
  size_bytes: number;
  sha256: string;
  part_size_bytes: number;
  part_count: number;
  stored_at: Date | null;
}

interface MarkersTable {
  title_id: string;
  markers: Json<Schemas["Marker"][]>;
  version: number;
  updated_at: Date;
}

interface IngestJobsTable {
  id: string;
  title_id: string;
  state: Generated<Schemas["IngestJobState"]>;
  stage: Schemas["IngestStage"] | null;
  progress: Generated<number>;
  speed: number | null;
  eta_seconds: number | null;
  worker: string;
  workers: OptionalJson<Schemas["IngestWorkers"]>;
  waiting_for: OptionalJson<Schemas["IngestWait"]>;
  source_filename: string | null;
  asset_id: string | null;
  package_id: string | null;
  failure: OptionalJson<Schemas["IngestFailure"]>;
  cancel_requested: Generated<boolean>;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
  heartbeat_at: Date | null;
}
