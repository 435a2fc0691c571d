// Generated from the contract by `pnpm generate`; do not edit.
import { operation } from "../operation.ts";

/** List and search titles: `GET /v1/titles` */
export const listTitles = /* @__PURE__ */ operation("listTitles", "get", "/v1/titles");

/** Create a title: `POST /v1/titles` */
export const createTitle = /* @__PURE__ */ operation("createTitle", "post", "/v1/titles");

/** Read a title: `GET /v1/titles/{title_id}` */
export const getTitle = /* @__PURE__ */ operation("getTitle", "get", "/v1/titles/{title_id}");

/** Change a title: `PATCH /v1/titles/{title_id}` */
export const updateTitle = /* @__PURE__ */ operation("updateTitle", "patch", "/v1/titles/{title_id}");

/** Delete a title: `DELETE /v1/titles/{title_id}` */
export const deleteTitle = /* @__PURE__ */ operation("deleteTitle", "delete", "/v1/titles/{title_id}");

/** Publish a title: `POST /v1/titles/{title_id}/publish` */
export const publishTitle = /* @__PURE__ */ operation("publishTitle", "post", "/v1/titles/{title_id}/publish");

/** Unpublish a title: `POST /v1/titles/{title_id}/unpublish` */
export const unpublishTitle = /* @__PURE__ */ operation("unpublishTitle", "post", "/v1/titles/{title_id}/unpublish");

/** List the episodes of a series: `GET /v1/titles/{title_id}/episodes` */
export const listEpisodes = /* @__PURE__ */ operation("listEpisodes", "get", "/v1/titles/{title_id}/episodes");

/** Set a title's artwork of a kind: `PUT /v1/titles/{title_id}/artwork/{kind}` */
export const setTitleArtwork = /* @__PURE__ */ operation("setTitleArtwork", "put", "/v1/titles/{title_id}/artwork/{kind}");

/** List the genres: `GET /v1/genres` */
export const listGenres = /* @__PURE__ */ operation("listGenres", "get", "/v1/genres");

/** Name a genre in each language: `PUT /v1/genres/{genre_slug}` */
export const setGenre = /* @__PURE__ */ operation("setGenre", "put", "/v1/genres/{genre_slug}");
