import type { components } from "@flix/openapi";

export type Thumbs = components["schemas"]["Thumbs"];

export interface RecommendationsTables {
  ratings: { account_id: string; profile_id: string; title_id: string; thumbs: Thumbs; updated_at: Date };
  my_list: { account_id: string; profile_id: string; title_id: string; added_at: Date };
  views: { account_id: string; profile_id: string; title_id: string; furthest: number; watched_at: Date };
  similarities: { title_id: string; other_id: string; score: number; shared_viewers: number };
  popularity: { title_id: string; score: number };
}
