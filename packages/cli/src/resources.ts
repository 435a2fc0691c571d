import type { Item, Output } from "@flix/sdk";

/** The contract's resources, by the operations that answer them. */
export type Account = Output<"getAccount">;
export type IngestJob = Output<"getIngestJob">;
export type Invoice = Output<"getInvoice">;
export type KeySet = Output<"getKeySet">;
export type Package = Output<"getPackage">;
export type Plan = Output<"getPlan">;
export type Profile = Output<"getProfile">;
export type Subscription = Output<"getSubscription">;
export type Title = Output<"getTitle">;
export type Whoami = Output<"getWhoami">;
export type Health = Output<"getHealth">;
export type Home = Output<"getHome">;
export type PlaybackReport = Output<"getPlaybackReport">;
export type SimilarTitle = Item<"listSimilarTitles">;
