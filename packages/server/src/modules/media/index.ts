import type { components } from "@flix/openapi";
import type { Kernel, Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Catalog } from "../catalog/index.ts";

export type Rendition = components["schemas"]["Rendition"];

/** What a title plays now. */
export interface CurrentPackage {
  id: string;
  /** SHA-256 over the list of its files. */
  digest: string;
  /** Prefix of its objects' keys, without a trailing slash: `titles/<title_id>/<digest>`. */
  prefix: string;
  /** Paths under the prefix. */
  hlsPath: string;
  dashPath: string;
  thumbnailsPath?: string;
  posterPath?: string;
  durationSeconds: number;
  renditions: Rendition[];
}

/** The media module, as other modules see it. */
export interface Media {
  module: Module;
  currentPackage(unit: Unit, titleId: string): Promise<CurrentPackage | undefined>;
}

export interface MediaOptions {
  catalog: Pick<Catalog, "getTitle" | "setCurrentPackage">;
}

export declare function createMedia(kernel: Kernel, options: MediaOptions): Media;
