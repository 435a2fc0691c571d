import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";
import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import { serveArtwork } from "./artwork-route.ts";
import { cacheKeyOf } from "./audience.ts";
import { isVisible } from "./availability.ts";
import { createContext } from "./context.ts";
import { deleteUnusedArtwork } from "./delete-unused-artwork.ts";
import { createTitle } from "./operations/create-title.ts";
import { deleteTitle } from "./operations/delete-title.ts";
import { getTitle } from "./operations/get-title.ts";
import { listEpisodes } from "./operations/list-episodes.ts";
import { listGenres } from "./operations/list-genres.ts";
import { listTitles } from "./operations/list-titles.ts";
import { publishTitle } from "./operations/publish-title.ts";
import { setGenre } from "./operations/set-genre.ts";
import { setTitleArtwork } from "./operations/set-title-artwork.ts";
import { unpublishTitle } from "./operations/unpublish-title.ts";
import { updateTitle } from "./operations/update-title.ts";
import { findNextEpisode, listTitles as listTitleRows, titleOrders } from "./store/lists.ts";
import { changeTitle, findTitle, findTitles, lockTitle } from "./store/titles.ts";
import { toTitle } from "./to-title.ts";

export { minimumAgeOf, suits } from "./maturity.ts";

export type Title = components["schemas"]["Title"];
export type TitleKind = components["schemas"]["TitleKind"];

/** Where and when somebody looks. */
export interface Viewpoint {
  /** ISO 3166-1 alpha-2. */
  territory: string;
  at: Date;
}

export interface VisibleQuery extends Viewpoint {
  /** The profile's; a title without a rating needs 18 or more. */
  maturityLimit?: number | undefined;
  /** A genre's slug. */
  genre?: string | undefined;
  /** Films and series when left out. */
  kinds?: readonly TitleKind[] | undefined;
  sort: "newest" | "title" | "release_year";
  limit: number;
  language?: string | undefined;
}

/** The catalog, as other modules see it. */
export interface Catalog {
  module: Module;
  /** A title in any state, its texts in `language` where it has them. */
  getTitle(unit: Unit, titleId: string, language?: string): Promise<Title | undefined>;
  /** By id; those that are not there are left out. */
  getTitles(
    unit: Unit,
    titleIds: readonly string[],
    options?: { language?: string | undefined },
  ): Promise<Map<string, Title>>;
  /** Published, and in an availability window. Asks no database. */
  isVisible(title: Pick<Title, "state" | "availability">, viewpoint: Viewpoint): boolean;
  listVisible(unit: Unit, query: VisibleQuery): Promise<Title[]>;
  /** The visible episode that follows in its series. */
  nextEpisode(unit: Unit, episodeId: string, viewpoint: Viewpoint): Promise<Title | undefined>;
  /** Media tells what the title plays; throws `title_not_found`. */
  setCurrentPackage(
    unit: Unit,
    titleId: string,
    current: { packageId: string; durationSeconds: number } | undefined,
  ): Promise<void>;
}

export function createCatalog(kernel: Kernel): Catalog {
  const context = createContext(kernel);
  const module = defineModule("catalog", context, operations, {
    routes: (app) => serveArtwork(app, context),
    // Should a process end between its commit and its word to the others.
    listeners: [
      {
        name: "catalog.forget-answers",
        types: ["title.published", "title.unpublished", "title.deleted", "package.activated"],
        handle: async () => kernel.cache.invalidate("catalog"),
      },
    ],
    cached: { getTitle: cacheKeyOf, listEpisodes: cacheKeyOf, listTitles: cacheKeyOf },
    fromReplica: ["listEpisodes", "listGenres", "listTitles"],
    jobs: [
      {
        name: "catalog.delete-unused-artwork",
        everyMs: 3_600_000,
        run: ({ signal, units }) => deleteUnusedArtwork(units, context, signal),
      },
    ],
  });
  return {
    module,
    isVisible,
    async getTitle(unit, titleId, language) {
      const row = await findTitle(unit, context, titleId);
      return row && toTitle(row, language);
    },
    async getTitles(unit, titleIds, { language } = {}) {
      const rows = titleIds.length === 0 ? [] : await findTitles(unit, context, titleIds);
      return new Map(rows.map((row) => [row.id, toTitle(row, language)]));
    },
    async listVisible(unit, { sort, limit, language, kinds = ["film", "series"], ...query }) {
      const { territory, at, genre, maturityLimit } = query;
      const audience = { sees: "what is visible", territory, at } as const;
      const filters = { audience, kinds, genre, maturityLimit };
      const page = { cursor: undefined, limit };
      const rows = await listTitleRows(unit, context, filters, visibleOrders[sort], page);
      return rows.map((row) => toTitle(row, language));
    },
    async nextEpisode(unit, episodeId, viewpoint) {
      const episode = await findTitle(unit, context, episodeId);
      if (episode?.kind !== "episode") return undefined;
      const row = await findNextEpisode(unit, context, episode, viewpoint);
      return row && toTitle(row);
    },
    async setCurrentPackage(unit, titleId, current) {
      if (!(await lockTitle(unit, context, titleId))) throw new FlixError("title_not_found");
      unit.afterCommit(() => kernel.cache.invalidate("catalog"));
      await changeTitle(unit, context, titleId, {
        current_package_id: current?.packageId ?? null,
        duration_seconds: current?.durationSeconds ?? null,
      });
    },
  };
}

const operations = {
  createTitle,
  deleteTitle,
  getTitle,
  listEpisodes,
  listGenres,
  listTitles,
  publishTitle,
  setGenre,
  setTitleArtwork,
  unpublishTitle,
  updateTitle,
};

const visibleOrders = {
  newest: titleOrders.published,
  title: titleOrders.title,
  release_year: titleOrders.releaseYear,
};
