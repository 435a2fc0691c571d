-- Of a title, not of a package: what an operator has corrected stays when the film is encoded again.
create table markers (
  title_id text primary key,
  markers jsonb not null,
  version integer not null,
  updated_at timestamptz not null
);
