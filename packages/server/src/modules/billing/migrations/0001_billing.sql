create table plans (
  id text primary key,
  name text not null,
  currency text not null,
  interval text not null check (interval in ('month', 'year')),
  -- The price of new subscriptions; running ones point to theirs.
  price_number integer not null,
  trial_days integer not null,
  max_streams integer not null,
  max_height integer not null,
  active boolean not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table plan_prices (
  plan_id text not null references plans (id),
  number integer not null,
  amount bigint not null check (amount >= 0),
  created_at timestamptz not null,
  primary key (plan_id, number)
);
alter table plans add foreign key (id, price_number) references plan_prices (plan_id, number) deferrable initially deferred;

-- One row an account; its lock puts everything that happens to the account's billing in a line.
create table customers (
  account_id text primary key,
  provider_customer text,
  trial_used_at timestamptz,
  created_at timestamptz not null
);

create table subscriptions (
  account_id text not null references customers (account_id),
  id text not null unique,
  plan_id text not null,
  price_number integer not null,
  state text not null
    check (state in ('incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'canceled')),
  -- Periods are counted from here, so that the 31st comes back after February.
  anchor_at timestamptz not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  trial_end timestamptz,
  cancel_at_period_end boolean not null default false,
  canceled_at timestamptz,
  payment_method text,
  latest_invoice_id text,
  failure_code text,
  failure_message text,
  -- When something has to happen next: the trial or the period ends, a payment is tried again, patience is over.
  due_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id),
  foreign key (plan_id, price_number) references plan_prices (plan_id, number),
  check (period_start < period_end),
  check ((state = 'canceled') = (due_at is null))
);
create unique index subscriptions_one_live on subscriptions (account_id) where state <> 'canceled';
create index subscriptions_due on subscriptions (due_at, id) where due_at is not null;
create index subscriptions_newest on subscriptions (created_at desc, id desc);
create index subscriptions_of_account on subscriptions (account_id, created_at desc, id desc);
create index subscriptions_of_plan on subscriptions (plan_id, created_at desc, id desc);
create index subscriptions_in_state on subscriptions (state, created_at desc, id desc);

-- A draft collects what the next invoice will charge; issued, it gets its number and never changes in substance.
create table invoices (
  account_id text not null,
  id text not null unique,
  subscription_id text not null,
  state text not null check (state in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  number text unique,
  currency text not null,
  subtotal bigint not null,
  credit_applied bigint not null default 0,
  total bigint not null,
  amount_paid bigint not null default 0,
  attempt_count integer not null default 0,
  next_attempt_at timestamptz,
  failure_code text,
  failure_message text,
  created_at timestamptz not null,
  issued_at timestamptz,
  paid_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, subscription_id) references subscriptions (account_id, id),
  check (total = subtotal - credit_applied),
  check (amount_paid in (0, total)),
  check ((issued_at is null) = (number is null)),
  check (state not in ('open', 'paid', 'uncollectible') or (issued_at is not null and total >= 0))
);
create unique index invoices_one_draft on invoices (subscription_id) where state = 'draft';
create unique index invoices_one_open on invoices (subscription_id) where state = 'open';
create index invoices_newest on invoices (created_at desc, id desc);
create index invoices_of_account on invoices (account_id, created_at desc, id desc);
create index invoices_of_subscription on invoices (subscription_id, created_at desc, id desc);
create index invoices_in_state on invoices (state, created_at desc, id desc);

create table invoice_lines (
  account_id text not null,
  invoice_id text not null,
  position integer not null,
  description text not null,
  amount bigint not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  proration boolean not null,
  primary key (account_id, invoice_id, position),
  foreign key (account_id, invoice_id) references invoices (account_id, id)
);

-- Counting in a row, not a sequence: a number of a transaction that rolls back is given again, so none is missing.
create table invoice_numbers (
  year integer primary key,
  last integer not null
);

-- One row for each try to pay. Its number is part of the provider's idempotency key.
create table payment_attempts (
  account_id text not null,
  invoice_id text not null,
  number integer not null,
  amount bigint not null,
  charge_id text not null,
  failure_code text,
  failure_message text,
  created_at timestamptz not null,
  primary key (account_id, invoice_id, number),
  foreign key (account_id, invoice_id) references invoices (account_id, id)
);
create unique index payment_attempts_one_success on payment_attempts (invoice_id) where failure_code is null;

-- Double entry: debits are positive, credits negative. A transaction is named after what it records, so that nothing is
-- booked twice.
create table ledger_entries (
  account_id text not null,
  transaction text not null,
  ledger_account text not null
    check (ledger_account in ('cash', 'receivable', 'customer_credit', 'deferred_revenue', 'revenue')),
  currency text not null,
  amount bigint not null check (amount <> 0),
  invoice_id text not null,
  created_at timestamptz not null,
  primary key (account_id, transaction, ledger_account, currency)
);
create index ledger_entries_balance on ledger_entries (account_id, ledger_account, currency);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% only grows: % is not allowed', tg_table_name, lower(tg_op);
end $$;

create trigger ledger_entries_append_only before update or delete on ledger_entries
  for each row execute function refuse_change();
create trigger payment_attempts_append_only before update or delete on payment_attempts
  for each row execute function refuse_change();
create trigger invoice_lines_append_only before update or delete on invoice_lines
  for each row execute function refuse_change();
create trigger invoices_stay before delete on invoices for each row execute function refuse_change();

create function require_balance() returns trigger language plpgsql as $$
declare
  imbalance numeric;
begin
  execute format('select sum(amount) from %I.%I where account_id = $1 and transaction = $2 and currency = $3',
    tg_table_schema, tg_table_name) into imbalance using new.account_id, new.transaction, new.currency;
  if imbalance <> 0 then
    raise exception 'the ledger transaction % is out of balance by % %', new.transaction, imbalance, new.currency;
  end if;
  return null;
end $$;

create constraint trigger ledger_entries_balanced after insert on ledger_entries
  deferrable initially deferred for each row execute function require_balance();

create function keep_issued_invoice() returns trigger language plpgsql as $$
begin
  if (old.account_id, old.id, old.subscription_id, old.number, old.currency, old.subtotal, old.credit_applied, old.total, old.issued_at)
    is distinct from
    (new.account_id, new.id, new.subscription_id, new.number, new.currency, new.subtotal, new.credit_applied, new.total, new.issued_at)
  then
    raise exception 'the invoice % is issued and does not change', old.id;
  end if;
  return new;
end $$;

create trigger invoices_keep_issued before update on invoices
  for each row when (old.state <> 'draft') execute function keep_issued_invoice();

create function require_draft() returns trigger language plpgsql as $$
declare
  invoice_state text;
begin
  execute format('select state from %I.invoices where account_id = $1 and id = $2', tg_table_schema)
    into invoice_state using new.account_id, new.invoice_id;
  if invoice_state is distinct from 'draft' then
    raise exception 'the invoice % is issued and takes no more lines', new.invoice_id;
  end if;
  return new;
end $$;

create trigger invoice_lines_of_drafts before insert on invoice_lines
  for each row execute function require_draft();
