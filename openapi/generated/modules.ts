// Generated from the contract by `pnpm generate`; do not edit.

/** The operations that each module must handle. */
export interface ModuleOperations {
  catalog: "listTitles" | "createTitle" | "getTitle" | "updateTitle" | "deleteTitle" | "publishTitle" | "unpublishTitle" | "listEpisodes" | "setTitleArtwork" | "listGenres" | "setGenre";
}
