import type { Clock } from "../../kernel/clock.ts";
import type { Database } from "../../kernel/unit.ts";
import type { Catalog } from "../catalog/index.ts";
import type { Playback } from "../playback/index.ts";
import type { Users } from "../users/index.ts";
import type { RecommendationsTables } from "./tables.ts";

export interface RecommendationsFaces {
  users: Pick<Users, "getProfile" | "getViewer">;
  catalog: Pick<Catalog, "getTitle" | "getTitles" | "isVisible" | "listVisible">;
  playback: Pick<Playback, "continueWatching">;
}

export interface RecommendationsContext extends RecommendationsFaces {
  clock: Clock;
  database: Database<RecommendationsTables>;
}
