import { FlixError } from "../../kernel/errors.ts";
import type { Entitlement } from "../billing/index.ts";
import { minimumAgeOf, suits, type Title, type Viewpoint } from "../catalog/index.ts";
import type { CurrentPackage, Rendition } from "../media/index.ts";

/** The rights to play: what the plan allows, once nothing is in the way. */
export interface Admission {
  title: Title;
  maxStreams: number;
  maxHeight: number;
}

export interface AdmissionFacts {
  title: Title | undefined;
  /** As the catalog says, for this viewpoint. */
  visible: boolean;
  viewpoint: Viewpoint;
  maturityLimit: number;
  entitlement: Entitlement;
}

/** Decides whether a profile may play a title, in the order of the contract; the first thing in the way is told. */
export function requireAdmission(facts: AdmissionFacts): Admission {
  const { title, visible, viewpoint, maturityLimit, entitlement } = facts;
  if (title === undefined || title.state !== "published") throw new FlixError("title_not_available");
  if (!visible) throw notHere(title, viewpoint);
  if (!suits(title, maturityLimit)) throw tooYoung(title, maturityLimit);
  if (!entitlement.entitled) throw new FlixError("not_entitled", { detail: lacks(entitlement.reason) });
  return { title, maxStreams: entitlement.maxStreams, maxHeight: entitlement.maxHeight };
}

/** What there is to play under the plan's height; throws when that is nothing. */
export function requirePlayable(current: CurrentPackage | undefined, maxHeight: number): CurrentPackage {
  if (current === undefined) throw new FlixError("title_not_playable");
  const heights = heightsOf(current.renditions);
  if (heights.length > 0 && Math.min(...heights) > maxHeight) {
    throw new FlixError("title_not_playable", {
      detail: `The plan plays up to ${maxHeight} lines, and the title has nothing below ${Math.min(...heights)}.`,
    });
  }
  return current;
}

/** The height of the best picture; undefined when there is none. */
export function topHeightOf({ renditions }: Pick<CurrentPackage, "renditions">): number | undefined {
  const heights = heightsOf(renditions);
  return heights.length === 0 ? undefined : Math.max(...heights);
}

function heightsOf(renditions: readonly Rendition[]): number[] {
  return renditions.flatMap(({ type, height }) => (type === "video" && height !== undefined ? [height] : []));
}

/** Tells "not in this country" from "not at this time": a viewer can wait for one, and not for the other. */
function notHere({ availability }: Title, { territory, at }: Viewpoint): FlixError {
  const openSomewhere = availability.some(
    ({ starts_at, ends_at }) =>
      (starts_at === undefined || new Date(starts_at) <= at) &&
      (ends_at === undefined || at < new Date(ends_at)),
  );
  return openSomewhere
    ? new FlixError("territory_not_available", { detail: `It is not available in ${territory}.` })
    : new FlixError("title_not_available", { detail: "It is outside its availability dates." });
}

function tooYoung(title: Title, maturityLimit: number): FlixError {
  const age = minimumAgeOf(title);
  const known =
    title.maturity === undefined ? `has no rating, which counts as ${age}` : `is rated from ${age}`;
  return new FlixError("maturity_blocked", {
    detail: `The title ${known}; the profile's limit is ${maturityLimit}.`,
  });
}

function lacks(reason: Extract<Entitlement, { entitled: false }>["reason"]): string {
  switch (reason) {
    case "no_subscription":
      return "The account has no subscription.";
    case "incomplete":
      return "The subscription's first payment has not gone through.";
    case "past_due":
    case "unpaid":
      return "The subscription's last invoice is not paid.";
    case "ended":
      return "The subscription has ended.";
    default:
      return reason satisfies never;
  }
}
