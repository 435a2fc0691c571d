-- What was there before the triggers. A title of the batch stays as it is until the end of the batch, or its old words would come after its
-- new ones.
with batch as (
  select * from titles where id > (select coalesce(max(title_id), '') from filled_up_to) order by id limit 1000 for share
), found as materialized (
  select w.word, w.place, batch.id from batch, words_of(batch.search_titles, batch.search_text) w
), missing_words as (
  insert into words select distinct word from found order by word on conflict do nothing
), missing_places as (
  insert into title_words select word, place, id from found on conflict do nothing
), missing_facets as (
  insert into title_facets
  select id, facet, kind, published_at, sort_title, coalesce(release_year, 0) from batch, facets_of(genres, release_year) facet
    where state = 'published' on conflict do nothing
)
insert into filled_up_to select max(id) from batch having max(id) is not null;
