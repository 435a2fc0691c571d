import type { components } from "@flix/openapi";
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

type Schemas = components["schemas"];

export interface CatalogTables {
  titles: TitlesTable;
  genres: GenresTable;
  artwork_files: { file: string; stored_at: Date };
  title_facets: TitleFacetsTable;
}

/** Written as text, since pg sends an array as a PostgreSQL array. */
type Json<Value> = ColumnType<Value, string | undefined, string>;

interface TitlesTable {
  id: string;
  kind: Schemas["TitleKind"];
  state: Generated<Schemas["TitleState"]>;
  title: string;
  synopsis: string | null;
  original_language: string;
  release_year: number | null;
  series_id: string | null;
  season_number: number | null;
  episode_number: number | null;
  genres: string[];
  cast_members: Json<Schemas["CastMember"][]>;
  maturity: ColumnType<Schemas["MaturityRating"] | null, string | null, string | null>;
  minimum_age: GeneratedAlways<number | null>;
  artwork: Json<StoredArtwork[]>;
  metadata: Json<Schemas["LocalisedMetadata"]>;
  availability: Json<Schemas["AvailabilityWindow"][]>;
  current_package_id: ColumnType<string | null, undefined, string | null>;
  duration_seconds: ColumnType<number | null, undefined, number | null>;
  search_titles: string;
  search_text: string;
  sort_title: string;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
  published_at: ColumnType<Date | null, undefined, Date>;
}

/** A title's picture of a kind; its object is `artwork/<file>`. */
export interface StoredArtwork {
  kind: Schemas["ArtworkKind"];
  file: string;
  content_type: string;
  width: number;
  height: number;
}

interface GenresTable {
  slug: string;
  names: Json<Record<string, string>>;
  title_count: Generated<number>;
}

/** What viewers narrow a list to; written by triggers of `titles`. */
interface TitleFacetsTable {
  title_id: string;
  facet: string;
  kind: Schemas["TitleKind"];
  published_at: Date;
  sort_title: string;
  release_year: number;
}
