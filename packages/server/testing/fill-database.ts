import type pg from "pg";
import { withClient } from "./empty-database.ts";

export interface Filling {
  titles: number;
  /** Two of an account; the first hundred have a long history. */
  profiles: number;
  /** PHC string of the password of every account; nobody can sign in without it. */
  passwordHash?: string;
}

/**
 * Fills a migrated, empty database as a platform that has grown: words and names as frequent as in a language (Zipf) out of a
 * vocabulary that grows with the root of the catalog (Heaps), titles in every state, some for some territories only, and viewers
 * with a history. Straight into the tables, since a million titles by the API take hours; the same at each run. Ends with ANALYZE.
 */
export async function fillDatabase(connectionString: string, filling: Filling): Promise<void> {
  const others = [people(filling), history(filling), learned(filling)].flat();
  // Neither reads what the other writes.
  await Promise.all([catalog(filling), others].map((tables) => fillTables(connectionString, tables)));
  await withClient(connectionString, (client) => client.query("vacuum analyze"));
}

/** The typed id of what was filled in, counted from 1. */
export function filledId(prefix: "acc" | "prf" | "ttl", number: number): string {
  return `${prefix}_01k${String(number).padStart(23, "0")}`;
}

export function filledEmail(account: number): string {
  return `viewer-${account}@example.org`;
}

/** How many words the titles and names are made of. */
export function vocabularyOf(titles: number): number {
  return Math.ceil(80 * Math.sqrt(titles));
}

/** A word by its rank: the first ones are short and in many titles, the last ones long and in one or two. */
export function filledWord(rank: number): string {
  const length = rank < 100 ? 2 : rank < 4000 ? 3 : 4;
  const digits = (rank * 7919 + 13) % 20 ** length;
  return Array.from({ length }, (_, place) => {
    const start = 2 * (Math.floor(digits / 20 ** place) % 20);
    return syllables.slice(start, start + 2);
  }).join("");
}

const syllables = "bacedifoguhajekilomunaperisotuvawexiyozu";

/** In SQL: `filledId`, `filledWord` and a rank by Zipf's law, of a draw between 0 and 1. */
const functions = `
  create function pg_temp.id(prefix text, number bigint) returns text language sql immutable
    as $$ select prefix || '_01k' || lpad(number::text, 23, '0') $$;
  create function pg_temp.syllable(digits integer, place integer) returns text language sql immutable
    as $$ select substr('${syllables}', 1 + 2 * (digits / place % 20), 2) $$;
  create function pg_temp.word(rank integer) returns text language sql immutable as $$ select case
    when rank < 100 then pg_temp.syllable((rank * 7919 + 13) % 400, 1) || pg_temp.syllable((rank * 7919 + 13) % 400, 20)
    when rank < 4000 then pg_temp.syllable((rank * 7919 + 13) % 8000, 1) || pg_temp.syllable((rank * 7919 + 13) % 8000, 20)
      || pg_temp.syllable((rank * 7919 + 13) % 8000, 400)
    else pg_temp.syllable((rank * 7919 + 13) % 160000, 1) || pg_temp.syllable((rank * 7919 + 13) % 160000, 20)
      || pg_temp.syllable((rank * 7919 + 13) % 160000, 400) || pg_temp.syllable((rank * 7919 + 13) % 160000, 8000) end $$;
  create function pg_temp.rank(length integer, draw double precision) returns integer language sql immutable
    as $$ select floor(power(length, draw))::integer $$`;

interface Rows {
  table: string;
  sql: string;
}

function fillTables(connectionString: string, tables: readonly Rows[]): Promise<void> {
  return withClient(connectionString, async (client) => {
    await client.query("set synchronous_commit = off; set statement_timeout = 0");
    await client.query("set work_mem = '256MB'; set maintenance_work_mem = '512MB'");
    // random() draws alike only in one process.
    await client.query("set max_parallel_workers_per_gather = 0; select setseed(0.5)");
    await client.query(functions);
    for (const table of tables) await fillTable(client, table);
  });
}

/** Indexes are built once the rows are there: a tenth of the time. */
async function fillTable(client: pg.Client, { table, sql }: Rows): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
      where indrelid = $1::regclass and not indisunique`,
    [table],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  // Triggers take each row by itself, which takes three times as long as all of them together; what they write is filled in here too.
  await client.query(`alter table ${table} disable trigger user`);
  await client.query(`insert into ${table} ${sql}`);
  await client.query(`alter table ${table} enable trigger user`);
  for (const { definition } of rows) await client.query(definition);
}

function catalog({ titles }: Filling): Rows[] {
  const draws = ["kind", "state", "year", "genre", "age", "place", "words", "published"];
  const words = Array.from({ length: 8 }, (_, index) => `w${index}`);
  const ranks = words.map(
    (word) => `pg_temp.word(pg_temp.rank(${vocabularyOf(titles)}, ${word})) as ${word}`,
  );
  const drawn = [...draws, ...words].map((name) => `random() as ${name}`).join(", ");
  // A series and its 9 episodes stand together: 0 is the series.
  return [
    {
      table: "catalog.titles",
      sql: `(id, kind, state, title, synopsis, original_language, release_year, series_id, season_number, episode_number,
          genres, cast_members, maturity, metadata, availability, current_package_id, duration_seconds, search_titles, search_text,
          sort_title, created_at, updated_at, published_at)
        select pg_temp.id('ttl', number),
          case when number % 30 = 0 then 'series' when number % 30 < 10 then 'episode' else 'film' end,
          case when state < 0.92 then 'published' when state < 0.97 then 'draft' else 'unpublished' end,
          initcap(name), 'A story of ' || w3 || ' and ' || w4 || ', told by ' || w5 || ' once the ' || w6 || ' has gone. ' || repeat(name || ' ', 6),
          'en', 1920 + floor(106 * sqrt(year))::integer,
          case when number % 30 between 1 and 9 then pg_temp.id('ttl', number - number % 30) end,
          case when number % 30 between 1 and 9 then 1 end, case when number % 30 between 1 and 9 then number % 30 end,
          array['genre-' || pg_temp.rank(24, genre), 'genre-' || (24 + floor(6 * place))],
          jsonb_build_array(jsonb_build_object('name', initcap(w4 || ' ' || w5), 'role', 'actor', 'character', initcap(w3)),
            jsonb_build_object('name', initcap(w6 || ' ' || w7), 'role', 'director')),
          case when age < 0.9 then jsonb_build_object('system', 'MPA', 'country', 'US', 'value', 'PG',
            'minimum_age', (array[0, 6, 12, 16, 18])[1 + floor(age * 5)::integer]) end,
          '{}',
          case when place < 0.9 then '[]' when place < 0.95 then '[{"territories":["US","GB"]}]'
            else '[{"territories":["DE","FR"],"ends_at":"2030-01-01T00:00:00.000Z"}]' end::jsonb,
          pg_temp.id('pkg', number), 5400, name, name || E'\\n' || w4 || ' ' || w5 || E'\\n' || w6 || ' ' || w7, name,
          at, at, case when state < 0.92 or state >= 0.97 then at end
        from (select *, case when words < 0.15 then w0 when words < 0.55 then w0 || ' ' || w1 else w0 || ' ' || w1 || ' ' || w2 end as name,
            now() - published * interval '3 years' as at
          from (select number, ${draws.join(", ")}, ${ranks.join(", ")}
            from (select number, ${drawn} from generate_series(0, ${titles - 1}) number offset 0) draws offset 0) named) titles`,
    },
    {
      table: "catalog.title_words",
      sql: `(word, place, title_id) select w.word, w.place, t.id
        from catalog.titles t, catalog.words_of(t.search_titles, t.search_text) w order by 1, 2, 3`,
    },
    { table: "catalog.words", sql: `select distinct word from catalog.title_words` },
    {
      table: "catalog.title_facets",
      sql: `(title_id, facet, kind, published_at, sort_title, release_year)
        select t.id, facet, kind, published_at, sort_title, coalesce(release_year, 0)
        from catalog.titles t, catalog.facets_of(genres, release_year) facet where state = 'published' order by 1`,
    },
    {
      table: "media.markers",
      sql: `(title_id, markers, version, updated_at)
        select pg_temp.id('ttl', number), '[]', 1, now() from generate_series(0, ${titles - 1}) number`,
    },
    {
      table: "catalog.genres",
      sql: `(slug, title_count) select unnest(genres), count(*) from catalog.titles where state = 'published' group by 1
        union all values ('left', 0)`,
    },
  ];
}

function people({ profiles, passwordHash }: Filling): Rows[] {
  const hash = passwordHash === undefined ? "null" : `'${passwordHash}'`;
  return [
    {
      table: "users.accounts",
      sql: `(id, email, password_hash, name, country, language, state, suspended_at, created_at, updated_at)
        select pg_temp.id('acc', number), 'viewer-' || number || '@example.org', ${hash},
          initcap(pg_temp.word(pg_temp.rank(5000, first)) || ' ' || pg_temp.word(pg_temp.rank(50000, last))),
          (array['US', 'GB', 'FR', 'DE'])[1 + number % 4], 'en',
          case when number % 1000 = 999 then 'suspended' else 'active' end, case when number % 1000 = 999 then now() end, now(), now()
        from (select number, random() as first, random() as last from generate_series(1, ${profiles / 2}) number offset 0) drawn`,
    },
    {
      table: "users.profiles",
      sql: `(account_id, id, name, avatar, language, maturity_limit, is_child, created_at, updated_at)
        select pg_temp.id('acc', (number + 1) / 2), pg_temp.id('prf', number), 'Profile ' || number, 'default', 'en', 18, false, now(), now()
        from generate_series(1, ${profiles}) number`,
    },
  ];
}

/** What is watched is what is popular: a title by its rank, spread over the whole catalog. */
function history({ titles, profiles }: Filling): Rows[] {
  const watched = `(select number as profile, random() as furthest, now() - random() * interval '1 year' as at,
      (pg_temp.rank(${titles}, random()) * 7919::bigint) % ${titles} as title
    from generate_series(1, ${profiles}) number, generate_series(1, case when number <= 100 then 60 else 1 end) entry offset 0) drawn`;
  const key = "pg_temp.id('acc', (profile + 1) / 2), pg_temp.id('prf', profile), pg_temp.id('ttl', title)";
  return [
    {
      table: "playback.positions",
      sql: `(account_id, profile_id, title_id, series_id, position_seconds, duration_seconds, updated_at)
        select ${key}, case when title % 30 between 1 and 9 then pg_temp.id('ttl', title - title % 30) end, furthest * 5400, 5400, at
        from ${watched} on conflict do nothing`,
    },
    {
      table: "playback.sessions",
      sql: `(account_id, id, profile_id, title_id, device_id, device_kind, package_digest, hls_path, duration_seconds, state,
          position_seconds, started_at, last_heartbeat_at, ended_at)
        select pg_temp.id('acc', (number + 1) / 2), pg_temp.id('pbs', number), pg_temp.id('prf', number), pg_temp.id('ttl', number % ${titles}),
          'device-' || number, 'web', 'digest', 'master.m3u8', 5400, 'playing', 60, now() - interval '1 hour',
          now() - interval '1 hour', now() - interval '1 hour'
        from generate_series(1, ${profiles}, 10) number`,
    },
    {
      table: "recommendations.views",
      sql: `(account_id, profile_id, title_id, furthest, watched_at) select ${key}, furthest, at from ${watched} on conflict do nothing`,
    },
    {
      table: "recommendations.ratings",
      sql: `(account_id, profile_id, title_id, thumbs, updated_at)
        select ${key}, (array['up', 'double_up', 'down'])[1 + floor(furthest * 3)::integer], at from ${watched}
        where profile % 3 = 0 on conflict do nothing`,
    },
    {
      table: "recommendations.my_list",
      sql: `(account_id, profile_id, title_id, added_at) select ${key}, at from ${watched} where profile % 4 = 0 on conflict do nothing`,
    },
  ];
}

/** What the jobs would have learned: neighbours of what is watched most, and its popularity. */
function learned({ titles }: Filling): Rows[] {
  const ranked = `pg_temp.id('ttl', (rank * 7919::bigint) % ${titles})`;
  return [
    {
      table: "recommendations.popularity",
      sql: `(title_id, score) select ${ranked}, 1e6 / rank from generate_series(1, ${Math.ceil(titles / 5)}) rank`,
    },
    {
      table: "recommendations.similarities",
      sql: `(title_id, other_id, score, shared_viewers)
        select ${ranked}, pg_temp.id('ttl', ((rank + place) * 7919::bigint) % ${titles}), 1.0 / place, 50 - place
        from generate_series(1, ${Math.ceil(titles / 20)}) rank, generate_series(1, 20) place`,
    },
  ];
}
