import type { components } from "@flix/openapi";
import type { Kernel, Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Users } from "../users/index.ts";

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

export interface CatalogOptions {
  users: Pick<Users, "getViewer">;
}

export declare function createCatalog(kernel: Kernel, options: CatalogOptions): Catalog;
