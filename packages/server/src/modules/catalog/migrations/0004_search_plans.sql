-- Planning took most of a search's time. A function in SQL is planned at each call, one in PL/pgSQL once a connection; and the plan that
-- fits any words is as good as one for these, since every step is a bounded walk along an index.

-- As before; typos of a word that stands nowhere and begins none are looked for in any case.
create or replace function meant_by(asked text, with_typos boolean) returns table (word text, closeness real)
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

create or replace function find_titles(asked text[]) returns table (id text, score integer)
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
          select from catalog.title_words t where t.word = n.word limit 250) t where n.number = m.number) as entries
        from meant m where cardinality(folded) > 1 group by m.number) counted
      order by entries, number limit 1
    ), candidates as (
      select c.title_id, max((1000 * c.closeness)::integer - c.place) as score
      from (select m.closeness, t.title_id, t.place
        from (select * from meant where number = coalesce((select number from rarest), 1) order by closeness desc) m,
        lateral (select t.title_id, t.place from catalog.title_words t
          where t.word = m.word order by t.place, t.title_id limit 500) t
        limit case when cardinality(folded) = 1 then 500 else 250 end) c
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
