-- Of a running job alone: what its last report said.
alter table ingest_jobs add column workers jsonb, add column waiting_for jsonb;
