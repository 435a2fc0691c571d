import type { Listener } from "../../kernel/events.ts";
import type { MediaContext } from "./context.ts";
import { forgetKeySet } from "./forget-keys.ts";
import { packageStaging } from "./package-paths.ts";
import { deleteAssetsOf } from "./store/assets.ts";
import { requestDeletions } from "./store/deletions.ts";
import { cancelJobsOf } from "./store/ingest-jobs.ts";
import { listKeySetIdsOf } from "./store/key-sets.ts";
import { deleteMarkersOf } from "./store/markers.ts";
import { lockPackagesOf, removePackage } from "./store/packages.ts";

/** A title that is deleted takes its packages, assets, markers and objects with it. */
export function forgetTitle(context: MediaContext): Listener {
  return {
    name: "media.forget-title",
    types: ["title.deleted"],
    async handle({ data }, unit) {
      const titleId = data["title_id"];
      if (typeof titleId !== "string") return;
      const packages = await lockPackagesOf(unit, context, titleId);
      for (const { id } of packages) await removePackage(unit, context, id);
      const keySets = await listKeySetIdsOf(unit, context, titleId);
      for (const id of keySets) await forgetKeySet(unit, context, { id, title_id: titleId });
      await deleteAssetsOf(unit, context, titleId);
      await deleteMarkersOf(unit, context, titleId);
      await cancelJobsOf(unit, context, titleId);
      const staging = packages.map(({ id }) => packageStaging(id));
      await requestDeletions(unit, context, [`titles/${titleId}`, ...staging]);
    },
  };
}
