-- The outbox and the embedded event log are one table: a row is written in the transaction of the change that it
-- reports. `transaction` lets a reader stop before rows of transactions that are still open, so that it never steps
-- over a position that commits late.
create table events (
  position bigint generated always as identity primary key,
  id text not null unique,
  type text not null,
  account_id text,
  data jsonb not null,
  occurred_at timestamptz not null,
  transaction xid8 not null default pg_current_xact_id()
);

create table event_listeners (
  name text primary key,
  position bigint not null
);

-- The answer to the first request with a key. It is encrypted under the key itself, of which only a hash is kept: a
-- secret that an operation shows once is not readable here.
create table idempotency_keys (
  key_hash bytea primary key,
  fingerprint bytea not null,
  answer bytea not null,
  created_at timestamptz not null
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
