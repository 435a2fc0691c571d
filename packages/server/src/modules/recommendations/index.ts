import type { Job } from "../../kernel/job.ts";
import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { RecommendationsContext, RecommendationsFaces } from "./context.ts";
import { createListeners } from "./listeners.ts";
import { addToMyList } from "./operations/add-to-my-list.ts";
import { deleteRating } from "./operations/delete-rating.ts";
import { getHome } from "./operations/get-home.ts";
import { listMyList } from "./operations/list-my-list.ts";
import { listRatings } from "./operations/list-ratings.ts";
import { listSimilarTitles } from "./operations/list-similar-titles.ts";
import { removeFromMyList } from "./operations/remove-from-my-list.ts";
import { setRating } from "./operations/set-rating.ts";
import { learnPopularity, learnSimilarities } from "./store/learned.ts";

export interface Recommendations {
  module: Module;
}

const popularityEveryMs = 60_000;
const similaritiesEveryMs = 15 * 60_000;

/** Home pages, similar titles, ratings and my list; learned from the history that playback tells of. */
export function createRecommendations(kernel: Kernel, faces: RecommendationsFaces): Recommendations {
  const context: RecommendationsContext = {
    ...faces,
    clock: kernel.clock,
    database: kernel.database("recommendations"),
  };
  const handlers = {
    addToMyList,
    deleteRating,
    getHome,
    listMyList,
    listRatings,
    listSimilarTitles,
    removeFromMyList,
    setRating,
  };
  return {
    module: defineModule("recommendations", context, handlers, {
      listeners: createListeners(context),
      jobs: createJobs(kernel.clock, context),
      fromReplica: ["getHome", "listSimilarTitles"],
    }),
  };
}

function createJobs(clock: Kernel["clock"], context: RecommendationsContext): Job[] {
  return [
    {
      name: "recommendations.learn-popularity",
      everyMs: popularityEveryMs,
      run: ({ units }) => units.write((unit) => learnPopularity(unit, context, clock.now())),
    },
    {
      name: "recommendations.learn-similarities",
      everyMs: similaritiesEveryMs,
      run: ({ units }) => units.write((unit) => learnSimilarities(unit, context)),
    },
  ];
}
