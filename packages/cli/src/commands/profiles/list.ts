import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { required } from "../../parameters.ts";
import type { Profile } from "../../resources.ts";
import type { Column } from "../../table.ts";
import { yesOrNo } from "../../wording.ts";

export const listProfiles = defineCommand({
  arguments: { accountId: required("account-id", id("acc"), "The account") },
  options: listingOptions,
  examples: [
    { command: "flix profiles list acc_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Who watches on this account" },
  ],
  async run({ accountId, ...listing }, { connect, output }) {
    const flix = await connect();
    const found = flix.pages.listProfiles({ account_id: accountId, page_size: pageSizeOf(listing) });
    output.table(await collect(found, listing, output), columns, "The account has no profiles.");
  },
});

const columns: readonly Column<Profile>[] = [
  { header: "ID", value: ({ id: profileId }) => profileId },
  { header: "NAME", value: ({ name }) => name, flexible: true },
  { header: "LANGUAGE", value: ({ language }) => language },
  { header: "UP TO AGE", value: ({ maturity_limit: limit }) => limit, align: "right" },
  { header: "CHILD", value: ({ is_child: child }) => yesOrNo(child) },
];
