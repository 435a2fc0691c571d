import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { RecommendationsContext } from "../context.ts";
import { likedFrom } from "../ranking.ts";

type Context = Pick<RecommendationsContext, "database">;

/** Neighbours kept a title: with 128 EASE lost 2.5 % nDCG on MovieLens, and a page needs fewer than 50. */
const neighbours = 128;
/** The latest titles of a profile that count: one profile with ten thousand would make 10^8 pairs. */
const historyLimit = 200;
/** Pairs that few share are held back: similarity is multiplied by shared / (shared + shrinkage). */
const shrinkage = 10;

/**
 * Item-to-item similarity, learned anew from the whole history: the cosine of two titles' columns in the profile x title
 * matrix (weights: watched 1, thumbs up 1, double up 2, thumbs down none), shrunk by support (Sarwar et al. 2001; Koren 2008).
 */
export async function learnSimilarities(unit: Unit, { database }: Context): Promise<void> {
  const db = unit.on(database);
  await sql`set local statement_timeout = '10min'`.execute(db);
  await sql`delete from recommendations.similarities`.execute(db);
  await sql`insert into recommendations.similarities (title_id, other_id, score, shared_viewers)
    with signals as (
      select coalesce(v.account_id, r.account_id) as account_id, coalesce(v.profile_id, r.profile_id) as profile_id,
        coalesce(v.title_id, r.title_id) as title_id,
        case r.thumbs when 'double_up' then 2.0 when 'up' then 1.0 when 'down' then 0.0
          else case when v.furthest >= ${likedFrom} then 1.0 else 0.0 end end as weight,
        greatest(v.watched_at, r.updated_at) as at
      from recommendations.views v
        full join recommendations.ratings r using (account_id, profile_id, title_id)
    ), ranked as (
      select *, row_number() over (partition by account_id, profile_id order by at desc, title_id) as place
      from signals where weight > 0
    ), likes as (
      select account_id, profile_id, title_id, weight from ranked where place <= ${historyLimit}
    ), norms as (
      select title_id, sqrt(sum(weight * weight)) as norm from likes group by title_id
    ), pairs as (
      select mine.title_id, others.title_id as other_id, sum(mine.weight * others.weight) as dot, count(*) as shared
      from likes mine join likes others using (account_id, profile_id)
      where mine.title_id <> others.title_id group by mine.title_id, others.title_id
    ), scored as (
      select pairs.title_id, other_id, shared,
        dot / (a.norm * b.norm) * (shared / (shared + ${shrinkage}::double precision)) as score
      from pairs join norms a on a.title_id = pairs.title_id join norms b on b.title_id = other_id
    ), nearest as (
      select *, row_number() over (partition by title_id order by score desc, other_id) as place from scored
    )
    select title_id, other_id, score, shared from nearest where place <= ${neighbours}`.execute(db);
}

/** What is watched now: views weighted by their share watched, halved every 7 days, over the last 28. */
export async function learnPopularity(unit: Unit, { database }: Context, now: Date): Promise<void> {
  const db = unit.on(database);
  await sql`delete from recommendations.popularity`.execute(db);
  await sql`insert into recommendations.popularity (title_id, score)
    select title_id, sum((0.25 + 0.75 * furthest) * power(0.5, extract(epoch from ${now} - watched_at) / 604800))
    from recommendations.views where watched_at > ${now}::timestamptz - interval '28 days' group by title_id`.execute(
    db,
  );
}

export async function readPopular(unit: Unit, { database }: Context, limit: number): Promise<string[]> {
  const rows = await unit
    .on(database)
    .selectFrom("popularity")
    .select("title_id")
    .orderBy("score", "desc")
    .orderBy("title_id")
    .limit(limit)
    .execute();
  return rows.map(({ title_id }) => title_id);
}

export interface Neighbour {
  titleId: string;
  otherId: string;
  score: number;
  sharedViewers: number;
}

/** The neighbours of each of the titles, the nearest first. */
export async function readNeighbours(
  unit: Unit,
  { database }: Context,
  titleIds: readonly string[],
): Promise<Neighbour[]> {
  if (titleIds.length === 0) return [];
  return unit
    .on(database)
    .selectFrom("similarities")
    .select(["title_id as titleId", "other_id as otherId", "score", "shared_viewers as sharedViewers"])
    .where("title_id", "in", [...titleIds])
    .orderBy("score", "desc")
    .orderBy("other_id")
    .execute();
}
