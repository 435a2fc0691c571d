import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { optional, required } from "../../parameters.ts";
import type { SimilarTitle } from "../../resources.ts";
import type { Column } from "../../table.ts";

export const listSimilarTitles = defineCommand({
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: {
    profile: optional("profile-id", id("prf"), "Only what this profile may watch"),
    ...listingOptions,
  },
  examples: [
    { command: "flix recommendations similar ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "More like this" },
  ],
  async run({ titleId, profile, ...listing }, { connect, output }) {
    const flix = await connect();
    const filters = { title_id: titleId, profile_id: profile, page_size: pageSizeOf(listing) };
    const found = await collect(flix.pages.listSimilarTitles(filters), listing, output);
    output.table(found, columns, "Nobody has watched this together with another title yet.");
  },
});

const columns: readonly Column<SimilarTitle>[] = [
  { header: "ID", value: ({ title }) => title.id },
  { header: "TITLE", value: ({ title }) => title.title, flexible: true },
  { header: "SCORE", value: ({ score }) => score.toFixed(3), align: "right" },
  { header: "SHARED VIEWERS", value: ({ shared_viewers: viewers }) => viewers, align: "right" },
];
