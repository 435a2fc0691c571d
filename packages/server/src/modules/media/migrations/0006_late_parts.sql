-- When what is under the prefix is deleted a second time: parts that were granted before may come until their grants are over. Null: it was
-- not deleted yet.
alter table deletions add column again_at timestamptz;
