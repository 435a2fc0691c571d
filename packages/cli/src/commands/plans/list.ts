import { defineCommand } from "../../command.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { planColumns } from "./plan-view.ts";

export const listPlans = defineCommand({
  details: "Those that take no new subscriptions are shown to operators only.",
  options: listingOptions,
  examples: [{ command: "flix plans list", does: "What viewers can subscribe to" }],
  async run(listing, { connect, output }) {
    const flix = await connect();
    const found = flix.pages.listPlans({ page_size: pageSizeOf(listing) });
    output.table(
      await collect(found, listing, output),
      planColumns,
      "There are no plans yet: `flix plans create` makes one.",
    );
  },
});
