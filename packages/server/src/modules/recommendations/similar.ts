import type { components } from "@flix/openapi";
import type { Unit } from "../../kernel/unit.ts";
import type { Title, Viewpoint } from "../catalog/index.ts";
import type { RecommendationsContext } from "./context.ts";
import { contentLikeness } from "./ranking.ts";
import { readNeighbours } from "./store/learned.ts";

type SimilarTitle = components["schemas"]["SimilarTitle"];

const candidates = 100;

export interface SimilarQuery {
  title: Title;
  viewpoint: Viewpoint;
  language: string | undefined;
  /** Whether who asks may be shown the title. */
  shows: (title: Title) => boolean;
}

/** What the same viewers watched; where nobody has watched yet, what shares genres and people. */
export async function readSimilar(
  unit: Unit,
  context: RecommendationsContext,
  { title, viewpoint, language, shows }: SimilarQuery,
): Promise<SimilarTitle[]> {
  const near = await readNeighbours(unit, context, [title.id]);
  const titles = await context.catalog.getTitles(
    unit,
    near.map(({ otherId }) => otherId),
    { language },
  );
  const learned = near.flatMap(({ otherId, score, sharedViewers }) => {
    const other = titles.get(otherId);
    return other && shows(other) ? [{ title: other, score, shared_viewers: sharedViewers }] : [];
  });
  return learned.length > 0 ? learned : byContent(unit, context, { title, viewpoint, language, shows });
}

async function byContent(
  unit: Unit,
  { catalog }: RecommendationsContext,
  { title, viewpoint, language, shows }: SimilarQuery,
): Promise<SimilarTitle[]> {
  const found = new Map<string, Title>();
  for (const genre of title.genres.slice(0, 5)) {
    const titles = await catalog.listVisible(unit, {
      ...viewpoint,
      genre,
      sort: "newest",
      limit: candidates,
      language,
    });
    for (const other of titles) if (other.id !== title.id && shows(other)) found.set(other.id, other);
  }
  return [...found.values()]
    .map((other) => ({ title: other, score: contentLikeness(title, other), shared_viewers: 0 }))
    .toSorted((a, b) => b.score - a.score || (a.title.id < b.title.id ? -1 : 1))
    .slice(0, candidates);
}
