-- What is being played, and what was lately. What a heartbeat needs to renew the grant stands here, so that a session
-- keeps its package when the title gets another one.
create table sessions (
  account_id text collate "C" not null,
  id text collate "C" not null,
  profile_id text collate "C" not null,
  title_id text collate "C" not null,
  series_id text collate "C",
  device_id text collate "C" not null,
  device_name text,
  device_kind text not null,
  package_digest text not null,
  hls_path text not null,
  -- Null: the package has no picture.
  top_height integer,
  duration_seconds double precision not null,
  state text not null check (state in ('playing', 'paused')),
  position_seconds double precision not null,
  started_at timestamptz not null,
  last_heartbeat_at timestamptz not null,
  ended_at timestamptz,
  primary key (account_id, id)
);
-- Media requests know the session's id alone.
create index sessions_id on sessions (id);
create unique index sessions_device on sessions (account_id, device_id) where ended_at is null;
create index sessions_live on sessions (last_heartbeat_at) where ended_at is null;
create index sessions_live_title on sessions (title_id) where ended_at is null;
create index sessions_ended on sessions (ended_at) where ended_at is not null;

create table positions (
  account_id text collate "C" not null,
  profile_id text collate "C" not null,
  title_id text collate "C" not null,
  -- Of an episode: continue watching shows one entry a series.
  series_id text collate "C",
  position_seconds double precision not null,
  duration_seconds double precision not null,
  updated_at timestamptz not null,
  primary key (account_id, profile_id, title_id)
);
create index positions_recent on positions (account_id, profile_id, updated_at desc, title_id desc);
create index positions_series on positions (account_id, profile_id, (coalesce(series_id, title_id)), updated_at desc);
create index positions_title on positions (title_id);
