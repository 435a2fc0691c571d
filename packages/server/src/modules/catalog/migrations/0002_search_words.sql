-- A search for a common word, and a list of a genre or a year, walk an index in the order of what they show and stop after a page,
-- however many titles there are. A GIN index cannot: it finds all of them, and they are sorted then.

-- Every word that a title or a name ever had: what a typo and the beginning of a word are compared with. Never deleted.
create table words (
  word text collate "C" primary key
);
create index words_by_length on words (length(word), word);
create index words_near on words using gin (word public.gin_trgm_ops);

-- Where the words stand, the best match first: `place` is the number of words of the line, since a title that is little more than the
-- word is what was meant; names of the cast (100 and more) come after titles.
create table title_words (
  word text collate "C",
  place smallint,
  title_id text,
  primary key (word, place, title_id)
);

-- What viewers narrow a list to ("genre drama", "year 1999"), in each order that they page through. Published titles only.
create table title_facets (
  title_id text,
  facet text collate "C",
  kind text not null,
  published_at timestamptz not null,
  sort_title text collate "C" not null,
  release_year integer not null,
  primary key (title_id, facet)
);
create index title_facets_newest on title_facets (facet, published_at desc, title_id desc);
create index title_facets_by_title on title_facets (facet, sort_title, title_id);
create index title_facets_by_year on title_facets (facet, release_year desc, title_id desc);

-- How far 0003 has come.
create table filled_up_to (
  title_id text primary key
);

-- The words of a title's `search_text`; a line that is in `search_titles` too is a title. What an index does not take is cut off.
create function words_of(search_titles text, search_text text) returns table (word text, place smallint)
  language sql immutable parallel safe
as $$
  select left(word, 100), min(least(cardinality(words), 99)
    + case when line = any (string_to_array(search_titles, E'\n')) then 0 else 100 end)::smallint
  from unnest(string_to_array(search_text, E'\n')) line, string_to_array(line, ' ') words, unnest(words) word
  where word <> ''
  group by left(word, 100)
$$;

create function facets_of(genres text[], release_year integer) returns setof text
  language sql immutable parallel safe
as $$
  select distinct 'genre ' || genre from unnest(genres) genre
  union all select 'year ' || coalesce(release_year, 0)
$$;

-- Triggers, so that what the version before writes while it still serves is found as well.
create function index_words() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from catalog.title_words t using catalog.words_of(old.search_titles, old.search_text) w
      where t.word = w.word and t.place = w.place and t.title_id = old.id;
  end if;
  if tg_op <> 'DELETE' then
    -- In one order everywhere, so that two titles never wait for each other's word.
    insert into catalog.words select w.word from catalog.words_of(new.search_titles, new.search_text) w
      where not exists (select from catalog.words known where known.word = w.word) order by w.word on conflict do nothing;
    insert into catalog.title_words select w.word, w.place, new.id
      from catalog.words_of(new.search_titles, new.search_text) w on conflict do nothing;
  end if;
  return null;
end $$;
create trigger titles_words after insert or delete or update of search_titles, search_text on titles
  for each row execute function index_words();

create function index_facets() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from catalog.title_facets where title_id = old.id;
  end if;
  if tg_op <> 'DELETE' and new.state = 'published' then
    insert into catalog.title_facets select new.id, facet, new.kind, new.published_at, new.sort_title, coalesce(new.release_year, 0)
      from catalog.facets_of(new.genres, new.release_year) facet on conflict do nothing;
  end if;
  return null;
end $$;
create trigger titles_facets
  after insert or delete or update of genres, state, kind, published_at, sort_title, release_year on titles
  for each row execute function index_facets();

-- The words that are meant by one that was asked for: itself, those that begin with it (the shortest first), and, of a typo, those that
-- share 40 % of its trigrams or have two letters swapped. At most 20, and how close each is (1: the same). Typos of a word that stands nowhere and begins none are looked for in any
-- case. A function in SQL would be planned at each call, which took most of a search's time; one in PL/pgSQL is planned once a connection, and the plan that fits any
-- words is as good as one for these, since every step is a bounded walk along an index.
create function meant_by(asked text, with_typos boolean) returns table (word text, closeness real)
  language plpgsql stable parallel safe
  set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select begun.word, (length(asked)::real / length(begun.word))::real
  from (select w.word from generate_series(length(asked), length(asked) + 12) size,
    lateral (select known.word from catalog.words known where length(known.word) = size
      and known.word >= asked collate "C" and known.word < (asked || chr(1114111)) collate "C" order by known.word limit 20) w
    limit 20) begun;
  if found and not with_typos then
    return;
  end if;
  return query
  select near.word, (0.6 * near.similarity)::real
  from (select w.word, public.similarity(asked, w.word) as similarity from catalog.words w
    where asked operator(public.<%) w.word order by similarity desc, w.word limit 20) near;
  if length(asked) between 4 and 7 then
    return query
    select w.word, 0.5::real from catalog.words w where w.word = any (array(
      select overlay(asked placing reverse(substr(asked, place, 2)) from place for 2) from generate_series(1, length(asked) - 1) place));
  end if;
end
$$;

-- Titles that have all the words, and how well: of one word the first 500 in order of place; of several the first 150 of the rarest, those
-- among them that have the others too, and always those that are called just that. Typos are looked for where a word is in no title as it stands, and once
-- more for all words where nothing was found. The threshold is set for this function only, so that no caller needs a transaction for it.
create function find_titles(asked text[]) returns table (id text, score integer)
  language plpgsql stable parallel safe
  set pg_trgm.word_similarity_threshold = 0.4
  set plan_cache_mode = force_generic_plan
as $$
declare
  folded text[] := array(select left(catalog.fold(word), 100) from unnest(asked[:10]) word);
  phrase text := array_to_string(folded, ' ');
begin
  for attempt in 1..2 loop
    return query
    with meant as materialized (
      select a.number, m.word, max(m.closeness) as closeness from unnest(folded) with ordinality a (word, number),
        lateral catalog.meant_by(a.word, attempt = 2) m
      group by a.number, m.word
    ), rarest as (
      select number from (
        select m.number, (select count(*) from meant n, lateral (
          select from catalog.title_words t where t.word = n.word limit 150) t where n.number = m.number) as entries
        from meant m where cardinality(folded) > 1 group by m.number) counted
      order by entries, number limit 1
    ), candidates as (
      select c.title_id, max((1000 * c.closeness)::integer - c.place) as score
      from (select m.closeness, t.title_id, t.place
        from (select * from meant where number = coalesce((select number from rarest), 1) order by closeness desc) m,
        lateral (select t.title_id, t.place from catalog.title_words t
          where t.word = m.word order by t.place, t.title_id limit 500) t
        limit case when cardinality(folded) = 1 then 500 else 150 end) c
      group by c.title_id
    ), others as materialized (
      select number, array_agg(word) as words from meant
      where number <> coalesce((select number from rarest), 1) group by number
    ), whole as (
      select c.title_id, c.score from candidates c where cardinality(folded) = 1
      union all
      select c.title_id, c.score + (500 * public.similarity(phrase, t.sort_title))::integer
      from candidates c join catalog.titles t on t.id = c.title_id
      where cardinality(folded) > 1 and (select count(*) from others where others.words
        && string_to_array(replace(t.search_text, E'\n', ' '), ' ') collate "C") = cardinality(folded) - 1
      union all
      (select t.id, 2000 from catalog.titles t where cardinality(folded) > 1 and t.sort_title = phrase limit 500)
    )
    select w.title_id, max(w.score) from whole w group by w.title_id;
    if found then
      return;
    end if;
  end loop;
end
$$;
