-- What `playback.started` told of a session: analytics knows no other module, and labels its reports from here.
create table sessions (
  account_id text not null,
  session_id text not null,
  profile_id text not null,
  title_id text not null,
  title text not null,
  device text not null,
  territory text,
  duration_seconds double precision not null,
  primary key (account_id, session_id)
);
create unique index sessions_session_id on sessions (session_id);

create table player_events (
  account_id text not null,
  event_id uuid not null,
  -- Orders the live tail. `transaction` keeps a reader from stepping over a position that commits late.
  position bigint generated always as identity,
  transaction xid8 not null default pg_current_xact_id(),
  session_id text not null,
  seq integer not null,
  type text not null,
  client_ts timestamptz not null,
  server_ts timestamptz not null,
  playhead_seconds double precision,
  play_ms integer,
  stall_ms integer,
  video_start_time_ms integer,
  bitrate_kbps integer,
  height integer,
  cdn text,
  error_code text,
  error_message text,
  fatal boolean,
  primary key (account_id, event_id)
);
create index player_events_position on player_events (position);
create index player_events_session on player_events (session_id);
create index player_events_attempts on player_events (server_ts) where type = 'attempt';
