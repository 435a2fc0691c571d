create table ratings (
  account_id text not null,
  profile_id text not null,
  title_id text not null,
  thumbs text not null check (thumbs in ('up', 'double_up', 'down')),
  updated_at timestamptz not null,
  primary key (account_id, profile_id, title_id)
);
create index ratings_latest on ratings (account_id, profile_id, updated_at desc, title_id desc);

create table my_list (
  account_id text not null,
  profile_id text not null,
  title_id text not null,
  added_at timestamptz not null,
  primary key (account_id, profile_id, title_id)
);
create index my_list_latest on my_list (account_id, profile_id, added_at desc, title_id desc);

-- How far a profile has come in a title; an episode counts for its series. This and the ratings are the history that
-- everything below is learned from.
create table views (
  account_id text not null,
  profile_id text not null,
  title_id text not null,
  furthest double precision not null check (furthest between 0 and 1),
  watched_at timestamptz not null,
  primary key (account_id, profile_id, title_id)
);
create index views_latest on views (account_id, profile_id, watched_at desc);
create index views_watched_at on views (watched_at);

-- Learned: each title's nearest neighbours, and what is watched now.
create table similarities (
  title_id text not null,
  other_id text not null,
  score double precision not null,
  shared_viewers integer not null,
  primary key (title_id, other_id)
);
create table popularity (
  title_id text primary key,
  score double precision not null
);
create index popularity_score on popularity (score desc);
