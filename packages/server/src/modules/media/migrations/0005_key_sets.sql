-- The content keys of packages. A set is of one title and belongs to nobody until a package names it.
create table key_sets (
  id text primary key,
  title_id text not null,
  scheme text not null check (scheme in ('cenc', 'cbcs')),
  -- Of the encode that asked for it: an encode that is repeated gets its keys again until its package is ready.
  encode_key text,
  created_at timestamptz not null
);
create index key_sets_of_title on key_sets (title_id, id desc);

create table content_keys (
  key_id uuid primary key,
  key_set_id text not null references key_sets (id) on delete cascade,
  tier text not null check (tier in ('sd', 'hd', 'uhd', 'audio')),
  sealed_key bytea not null,
  -- Names the secret under which it is sealed, so that all can be sealed anew when that one is replaced.
  sealed_by text not null,
  unique (key_set_id, tier)
);
create index content_keys_sealed_by on content_keys (sealed_by);

alter table packages
  add column protection jsonb,
  add column key_set_id text references key_sets (id);
create index packages_of_key_set on packages (key_set_id) where key_set_id is not null;
