import { defineCommand } from "../../command.ts";
import { integer, languageTag, oneOf, text } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { optional } from "../../parameters.ts";
import { titleColumns } from "./title-view.ts";

export const listTitles = defineCommand({
  details: "Without a right to change the catalog, only published titles of your territory are shown.",
  options: {
    query: optional("text", text, "Search titles and cast; forgives a typo and an accent", { short: "q" }),
    kind: optional("kind", oneOf(["film", "series", "episode"]), "Only this kind"),
    state: optional("state", oneOf(["draft", "published", "unpublished"]), "Only this state"),
    genre: optional("slug", text, "Only this genre"),
    year: optional("year", integer(1870, 2200), "Only this year"),
    language: optional("tag", languageTag, "Language of the titles that are shown"),
    sort: optional("order", oneOf(["newest", "title", "release_year"]), "Order"),
    ...listingOptions,
  },
  examples: [
    { command: "flix titles list --state draft", does: "What is not published yet" },
    { command: "flix titles list -q 'big buk bunny' --json | jq -r '.[0].id'", does: "The id of a title" },
  ],
  async run({ query, kind, state, genre, year, language, sort, ...listing }, { connect, output }) {
    const flix = await connect();
    const filters = { q: query, kind, state, genre, year, language, sort, page_size: pageSizeOf(listing) };
    const titles = await collect(flix.pages.listTitles(filters), listing, output);
    output.table(titles, titleColumns, "There are no such titles.");
  },
});
