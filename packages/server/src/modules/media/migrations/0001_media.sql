create table assets (
  id text primary key,
  title_id text not null,
  kind text not null check (kind in ('master', 'audio', 'subtitle')),
  filename text not null,
  size_bytes bigint not null,
  sha256 text not null,
  language text,
  container text,
  duration_seconds double precision,
  video jsonb,
  audio jsonb not null,
  subtitles jsonb not null,
  created_at timestamptz not null,
  unique (title_id, kind, sha256)
);
create index assets_of_title on assets (title_id, id desc);

create table packages (
  id text primary key,
  title_id text not null,
  asset_id text references assets (id) on delete set null,
  digest text not null,
  state text not null default 'uploading' check (state in ('uploading', 'ready', 'failed')),
  is_current boolean not null default false check (not is_current or state = 'ready'),
  duration_seconds double precision not null,
  renditions jsonb not null,
  hls_path text not null,
  dash_path text not null,
  thumbnails_path text,
  poster_path text,
  size_bytes bigint not null,
  file_count integer not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (title_id, digest)
);
create unique index packages_current on packages (title_id) where is_current;
create index packages_of_title on packages (title_id, id desc);
create index packages_of_asset on packages (asset_id);
create index packages_uploading on packages (updated_at) where state = 'uploading';

create table uploads (
  id text primary key,
  package_id text not null references packages (id) on delete cascade,
  path text collate "C" not null,
  content_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  part_size_bytes integer not null,
  part_count integer not null,
  stored_at timestamptz,
  unique (package_id, path)
);
create index uploads_pending on uploads (package_id, path) where stored_at is null;
-- Who holds a file of this digest already?
create index uploads_stored on uploads (sha256) where stored_at is not null;

-- What came of files in several parts; the bytes stand under `staging/` until the file is whole.
create table upload_parts (
  upload_id text not null references uploads (id) on delete cascade,
  part_number integer not null,
  sha256 text not null,
  received_at timestamptz not null,
  primary key (upload_id, part_number)
);
create index upload_parts_received on upload_parts (received_at);

-- Prefixes of objects that nobody needs any more. Deleting files cannot be rolled back, so it is done after the commit
-- that wants it, by a job, and again until it succeeds.
create table deletions (
  prefix text primary key,
  requested_at timestamptz not null
);

create table ingest_jobs (
  id text primary key,
  title_id text not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
  stage text,
  progress double precision not null default 0,
  speed double precision,
  eta_seconds double precision,
  worker text not null,
  source_filename text,
  asset_id text,
  package_id text,
  failure jsonb,
  cancel_requested boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  heartbeat_at timestamptz
);
create index ingest_jobs_of_title on ingest_jobs (title_id, id desc);
create index ingest_jobs_by_state on ingest_jobs (state, id desc);
create index ingest_jobs_heartbeat on ingest_jobs (heartbeat_at) where state = 'running';
