import { defineCommand } from "../../command.ts";
import { oneOf, text } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { optional } from "../../parameters.ts";
import { accountColumns } from "./account-view.ts";

export const listAccounts = defineCommand({
  options: {
    query: optional("text", text, "Search addresses and names", { short: "q" }),
    state: optional("state", oneOf(["active", "suspended"]), "Only this state"),
    ...listingOptions,
  },
  examples: [
    { command: "flix users list -q ada", does: "Find a viewer" },
    { command: "flix users list --state suspended --all --json", does: "Every suspended account" },
  ],
  async run({ query, state, ...listing }, { connect, output }) {
    const flix = await connect();
    const found = flix.pages.listAccounts({ q: query, state, page_size: pageSizeOf(listing) });
    output.table(await collect(found, listing, output), accountColumns, "There are no such accounts.");
  },
});
