-- unaccent() depends on a dictionary that a superuser could change, so it is only STABLE; naming the dictionary makes it
-- safe to call it IMMUTABLE, which an index needs.
create function fold(value text) returns text language sql immutable strict parallel safe
  return public.unaccent('public.unaccent'::regdictionary, lower(value));

create table accounts (
  id text collate "C" primary key,
  email text not null,
  -- Null: made by an operator without one; nobody can sign in.
  password_hash text,
  name text not null,
  country text not null,
  language text not null,
  state text not null default 'active' check (state in ('active', 'suspended')),
  suspended_at timestamptz,
  suspension_reason text,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((state = 'suspended') = (suspended_at is not null))
);
create unique index accounts_email on accounts (lower(email));
create index accounts_state on accounts (state, id);
create index accounts_search on accounts using gin (fold(email || E'\n' || name) public.gin_trgm_ops);

create table profiles (
  account_id text collate "C" not null references accounts on delete cascade,
  id text collate "C" not null unique,
  name text not null,
  avatar text not null,
  language text not null,
  maturity_limit smallint not null,
  is_child boolean not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);

create table operators (
  id text collate "C" primary key,
  email text not null,
  password_hash text not null,
  name text not null,
  role text not null check (role in ('support', 'publisher', 'admin')),
  state text not null default 'active' check (state in ('active', 'suspended')),
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index operators_email on operators (lower(email));

create table clients (
  id text collate "C" primary key,
  name text not null,
  scopes text[] not null,
  -- SHA-256: a secret of 256 random bits needs no slow hash.
  secret_hash bytea not null,
  -- Names a client that the platform makes for itself, so that a restart finds it again.
  provisioned_as text unique,
  created_at timestamptz not null
);

-- What the OAuth provider remembers: sessions, sign-ins under way, codes, grants, refresh tokens. An id is what its
-- bearer shows, so only its hash is here, and the payload is encrypted.
create table oauth_records (
  model text not null,
  id_hash bytea not null,
  payload bytea not null,
  holder_id text collate "C",
  grant_id text,
  uid text,
  user_code_hash bytea,
  consumed_at timestamptz,
  expires_at timestamptz not null,
  primary key (model, id_hash)
);
create index oauth_records_holder on oauth_records (holder_id) where holder_id is not null;
create index oauth_records_grant on oauth_records (grant_id) where grant_id is not null;
create unique index oauth_records_uid on oauth_records (model, uid) where uid is not null;
create unique index oauth_records_user_code on oauth_records (user_code_hash) where user_code_hash is not null;
create index oauth_records_expires_at on oauth_records (expires_at);

-- Private JWKs, encrypted with a key derived from the platform's secret.
create table signing_keys (
  kid text primary key,
  private_jwk bytea not null,
  created_at timestamptz not null
);
