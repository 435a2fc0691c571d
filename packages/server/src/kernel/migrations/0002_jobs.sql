-- What runs by the clock. `token` grows with each lease, so that who held an older one can be told apart from who holds
-- it now and cannot commit any more. `attempts` are leases since the last run that ended, however it ended.
create table jobs (
  name text primary key,
  due_at timestamptz not null,
  offered_until timestamptz not null default '-infinity',
  leased_until timestamptz not null default '-infinity',
  token bigint not null default 0,
  attempts integer not null default 0
);
