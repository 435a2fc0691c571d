-- The embedded payment provider's own records (engines/payments/sandbox.ts); billing reads none of them.
create table sandbox_clock (
  "only" boolean primary key default true check ("only"),
  offset_ms bigint not null check (offset_ms >= 0)
);

create table sandbox_customers (
  id text primary key,
  account_id text not null
);

create table sandbox_payment_methods (
  customer_id text not null references sandbox_customers (id),
  token text not null,
  payments integer not null default 0,
  primary key (customer_id, token)
);

-- Kept when the customer is forgotten.
create table sandbox_charges (
  idempotency_key text primary key,
  id text not null unique,
  customer_id text not null,
  token text not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  decline_code text,
  created_at timestamptz not null
);
