import type { components } from "@flix/openapi";
import type { Handler } from "../../../kernel/handler.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import { checkPackage, partsOf } from "../package-files.ts";
import { packagePrefix, packageStaging } from "../package-paths.ts";
import { requireProtection } from "../package-protection.ts";
import { withdrawDeletions } from "../store/deletions.ts";
import { changePackage, findOrInsertPackage, getPackage, type PackageRow } from "../store/packages.ts";
import { insertUploads, markStored } from "../store/uploads.ts";
import { adoptHeldFiles, findLostFiles } from "../stored-files.ts";
import { requireAssetOf, requireFilm } from "../titles.ts";
import { toPackage } from "../to-package.ts";

type NewPackage = components["schemas"]["NewPackage"];

export const createPackage: Handler<"createPackage", MediaContext> = async (
  { params, body, unit },
  context,
) => {
  await requireFilm(unit, context, params.title_id);
  checkPackage(body);
  await requireAssetOf(unit, context, params.title_id, body.asset_id);
  await requireProtection(unit, context, params.title_id, body);
  const { row, isNew } = await findOrInsertPackage(unit, context, draftOf(params.title_id, body, context));
  // Objects of this name may wait for their deletion: a package was deleted or given up, and comes back.
  await withdrawDeletions(unit, context, [packagePrefix(row), packageStaging(row.id)]);
  if (isNew) {
    const uploads = body.files.map((file) => ({
      id: context.ids.next("upl"),
      ...file,
      ...partsOf(file.size_bytes),
    }));
    await insertUploads(unit, context, row.id, uploads);
  } else if (row.state !== "ready") {
    await resume(unit, context, row);
  }
  if (row.state !== "ready") await adoptHeldFiles(unit, context, row);
  return toPackage(await getPackage(unit, context, row.id));
};

/** An upload that goes on; what was stored and is lost since is asked for again. */
async function resume(unit: Unit, context: MediaContext, row: PackageRow): Promise<void> {
  const lost = await findLostFiles(unit, context, row);
  if (lost.length > 0) {
    const ids = lost.map(({ id }) => id);
    await markStored(unit, context, ids, null);
  }
  await changePackage(unit, context, row.id, { state: "uploading" });
}

function draftOf(titleId: string, body: NewPackage, { ids, clock }: MediaContext) {
  const now = clock.now();
  return {
    id: ids.next("pkg"),
    title_id: titleId,
    asset_id: body.asset_id ?? null,
    digest: body.digest,
    encode_key: body.encode_key ?? null,
    duration_seconds: body.duration_seconds,
    renditions: JSON.stringify(body.renditions),
    protection: body.protection === undefined ? null : JSON.stringify(body.protection),
    key_set_id: body.protection?.key_set_id ?? null,
    hls_path: body.hls_path,
    dash_path: body.dash_path,
    thumbnails_path: body.thumbnails_path ?? null,
    poster_path: body.poster_path ?? null,
    size_bytes: body.files.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    file_count: body.files.length,
    created_at: now,
    updated_at: now,
  };
}
