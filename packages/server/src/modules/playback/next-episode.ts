import type { Unit } from "../../kernel/unit.ts";
import { suits, type Title } from "../catalog/index.ts";
import type { PlaybackContext } from "./context.ts";
import type { Viewing } from "./viewing.ts";

/** The episode that the profile may play after this one, in its language; undefined for a film or at the end. */
export async function nextFor(
  unit: Unit,
  { catalog }: PlaybackContext,
  { profile, viewpoint }: Viewing,
  title: Pick<Title, "id" | "kind">,
  language = profile.language,
): Promise<Title | undefined> {
  if (title.kind !== "episode") return undefined;
  const next = await catalog.nextEpisode(unit, title.id, viewpoint);
  if (next === undefined || !next.playable || !suits(next, profile.maturityLimit)) return undefined;
  return catalog.getTitle(unit, next.id, language);
}
