import { integer } from "./kinds.ts";
import type { Output } from "./output.ts";
import { flag, withDefault } from "./parameters.ts";

/** Of every command that lists. */
export const listingOptions = {
  limit: withDefault("n", integer(1, 1_000_000), 30, "At most so many", { short: "L" }),
  all: flag("Everything there is, page after page"),
};

export interface Listing {
  limit: number;
  all: boolean;
}

/** The size of the pages to ask for: one item more than wanted tells whether there are more. */
export function pageSizeOf({ limit, all }: Listing): number {
  return all ? 100 : Math.min(limit + 1, 100);
}

/** The items that were asked for, and a word when there are more. */
export async function collect<Item>(
  items: AsyncIterable<Item>,
  listing: Listing,
  output: Output,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) {
    if (!listing.all && found.length === listing.limit) {
      output.note(`The first ${listing.limit}; --limit <n> or --all shows more.`);
      break;
    }
    found.push(item);
  }
  return found;
}
