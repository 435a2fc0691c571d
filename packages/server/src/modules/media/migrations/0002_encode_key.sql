-- By what a title is known to have this encode already; packages from before have none.
alter table packages add column encode_key text;
