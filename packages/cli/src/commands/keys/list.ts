import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { required } from "../../parameters.ts";
import { keySetColumns } from "./key-set-view.ts";

export const listKeySets = defineCommand({
  details:
    "The newest first, with the packages that each encrypts and without the keys themselves. Keys are rotated by a new package: `flix ingest --protect cbcs --force` encrypts the film with new ones, and those of a package go when it is deleted.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: { ...listingOptions },
  examples: [
    { command: "flix keys list ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "What the title is encrypted with" },
  ],
  async run({ titleId, ...listing }, { connect, output }) {
    const flix = await connect();
    const found = flix.pages.listKeySets({ title_id: titleId, page_size: pageSizeOf(listing) });
    output.table(await collect(found, listing, output), keySetColumns, "The title has no keys.");
  },
});
