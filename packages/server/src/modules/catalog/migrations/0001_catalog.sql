-- unaccent() is only STABLE, because its dictionary may be looked up by search_path; with the dictionary named, the
-- result never changes, and an index may be built over it.
create function fold(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

create table titles (
  id text primary key,
  kind text not null check (kind in ('film', 'series', 'episode')),
  state text not null default 'draft' check (state in ('draft', 'published', 'unpublished')),
  title text not null,
  synopsis text,
  original_language text not null,
  release_year integer,
  series_id text references titles (id),
  season_number integer,
  episode_number integer,
  genres text[] not null default '{}',
  cast_members jsonb not null default '[]',
  maturity jsonb,
  minimum_age integer generated always as ((maturity ->> 'minimum_age')::integer) stored,
  artwork jsonb not null default '[]',
  metadata jsonb not null default '{}',
  availability jsonb not null default '[]',
  current_package_id text,
  duration_seconds double precision,
  -- What search compares: titles in every language, and those with the cast, one a line.
  search_titles text not null,
  search_text text not null,
  sort_title text collate "C" not null,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  published_at timestamptz,
  check ((kind = 'episode') = (series_id is not null and season_number is not null and episode_number is not null))
);

create unique index titles_episode_place on titles (series_id, season_number, episode_number) where kind = 'episode';
-- What viewers page through: walked in order, it stops after a page (1 million titles: 0.2 ms).
create index titles_newest on titles (published_at desc, id desc) where state = 'published';
create index titles_newest_of_kind on titles (kind, published_at desc, id desc) where state = 'published';
-- What editors page through.
create index titles_created on titles (created_at desc, id desc);
create index titles_hidden on titles (state, created_at desc, id desc) where state <> 'published';
create index titles_by_title on titles (sort_title, id);
create index titles_by_year on titles ((coalesce(release_year, 0)) desc, id desc);
create index titles_genres on titles using gin (genres);
create index titles_search on titles using gin (search_text public.gin_trgm_ops);
create index titles_artwork on titles using gin (artwork jsonb_path_ops);

create table genres (
  slug text collate "C" primary key,
  names jsonb not null default '{}',
  -- Published titles; counted as they change, since counting a million rows for each home page is too slow.
  title_count integer not null default 0
);

-- Files under `artwork/`; those that no title shows any more are deleted after a day.
create table artwork_files (
  file text primary key,
  stored_at timestamptz not null
);

-- Setting a parameter of an extension needs its library loaded.
select public.show_trgm('load');

-- Titles that have every word, or nearly: after a typo a word keeps about half of its trigrams. Two letters swapped
-- leave fewer of a short word, so the swaps of the longest word are looked for as well. That word goes through the
-- index, being the rarest as a rule; the others are checked on what it finds. Of a word that half of the catalog has,
-- some thousand titles are compared and no more (1 million titles, "the": 0.4 s, and 3.4 s with all of them), but
-- always those that are called just that. The threshold is set for this function only, so that no caller needs a
-- transaction for it.
create function search(words text[]) returns table (id text, score integer)
  language plpgsql stable parallel safe
  set pg_trgm.word_similarity_threshold = 0.4
as $$
declare
  folded text[] := array(select catalog.fold(word) from unnest(words) word);
  rarest text := (select word from unnest(folded) word order by length(word) desc, word limit 1);
  phrase text := array_to_string(folded, ' ');
  swaps text[] := array(
    select '%' || overlay(rarest placing reverse(substr(rarest, place, 2)) from place for 2) || '%'
    from generate_series(1, length(rarest) - 1) place
    where length(rarest) between 4 and 7 and substr(rarest, place, 1) <> substr(rarest, place + 1, 1));
begin
  return query
    select t.id,
      (50 * public.word_similarity(phrase, t.search_text) + 100 * public.word_similarity(phrase, t.search_titles)
        + 50 * public.similarity(phrase, t.sort_title)
        + case when t.search_titles like any (swaps) then 50 else 0 end)::integer
    from (
      (select named.id, named.search_text, named.search_titles, named.sort_title
        from catalog.titles named where named.sort_title = phrase limit 1000)
      union
      (select near.id, near.search_text, near.search_titles, near.sort_title from catalog.titles near
        where (rarest operator(public.<%) near.search_text or near.search_text like any (swaps))
          and not exists (
            select from unnest(folded) word
            where word <> rarest and not word operator(public.<%) near.search_text)
        limit 20000)
    ) t;
end
$$;
