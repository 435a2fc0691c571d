import type { Multiparts, OpenObject, PartFacts } from "../../engines/objects/objects.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { MediaContext } from "./context.ts";
import { partSize } from "./package-files.ts";
import { fileKey } from "./package-paths.ts";
import { recordStored } from "./record-stored.ts";
import { insertMultipart } from "./store/multiparts.ts";
import { forgetParts, listParts, type ReceivedPart, recordParts } from "./store/upload-parts.ts";
import { findUpload, lockUpload, markMade, markStored, type UploadRow } from "./store/uploads.ts";

/**
 * A file of several parts that the store itself makes of them, in the file's own place: no byte is copied.
 *
 * begun (a row in `multiparts`) -> parts come, each checked by the store -> made, once all are there: it counts as stored, but no package
 * with it can be completed -> read once, for the digest of the whole -> the row goes, or with it the object, and the file begins
 * anew. Whoever dies in between leaves the row: who comes next reads what stands there. Only who removes the row, under
 * the upload's lock, deletes the object, so none that was begun again meanwhile.
 */
export interface MultipartFile {
  store: Multiparts;
  object: OpenObject;
}

/** Undefined where the file's parts wait in staging. */
export function multipartOf(context: MediaContext, upload: UploadRow): MultipartFile | undefined {
  const { multiparts: store } = context.objects;
  if (!store || upload.multipart_id === null) return undefined;
  return { store, object: { key: fileKey(upload, upload.path), id: upload.multipart_id } };
}

/** Before parts are granted: begins the file where none of it came yet. Undefined when it turns out to be stored. */
export async function openMultipart(
  context: MediaContext,
  upload: UploadRow,
): Promise<UploadRow | undefined> {
  const multipart = multipartOf(context, upload);
  const left = upload.part_count - upload.received_parts.length;
  if (!multipart) return left > 1 && left === upload.part_count ? begin(context, upload) : upload;
  // It was perhaps made with a part that nobody recorded.
  if (left > 1 || (await multipart.store.list(multipart.object, { from: 1, to: 1 }))) return upload;
  if (await settle(context, upload)) return undefined;
  return findUpload(context.units.read(), context, upload.id);
}

async function begin(context: MediaContext, upload: UploadRow): Promise<UploadRow> {
  const { multiparts: store } = context.objects;
  const { part_count: partCount, content_type: contentType } = upload;
  const key = fileKey(upload, upload.path);
  const id = await store?.begin(key, { contentType, partCount });
  if (id === undefined) return upload;
  const multipart_id = await context.units.write(async (unit) => {
    const locked = await lockUpload(unit, context, upload.id);
    if (!locked || locked.stored_at !== null || locked.multipart_id !== null)
      return locked?.multipart_id ?? null;
    if ((await listParts(unit, context, upload.id)).length > 0) return null;
    await insertMultipart(unit, context, upload.id, id);
    return id;
  });
  if (multipart_id !== id) await store?.giveUp({ key, id });
  return { ...upload, multipart_id };
}

/** Of all parts, the last of which came now and is not recorded. */
export async function makeFile(
  context: MediaContext,
  upload: UploadRow,
  { store, object }: MultipartFile,
  { last, parts }: { last: ReceivedPart; parts: readonly ReceivedPart[] },
): Promise<void> {
  const made = await store.make(
    object,
    parts.map((part) => factsOf(upload, part)),
  );
  if (made === "gone") return void (await settle(context, upload));
  if (made === "made") {
    if (await recordMade(context, upload)) return readSoon(context, upload);
    return void (await settle(context, upload));
  }
  // The client finds them missing and sends them again.
  await context.units.write(async (unit) => {
    await recordParts(unit, context, upload.id, [last]);
    await forgetParts(unit, context, upload.id, made.lost);
  });
}

/** False: the package was deleted meanwhile, or somebody else was faster. */
async function recordMade(context: MediaContext, upload: UploadRow): Promise<boolean> {
  return context.units.write(async (unit) => {
    const locked = await lockUpload(unit, context, upload.id);
    if (!locked || locked.stored_at !== null || locked.multipart_id !== upload.multipart_id) return false;
    await markMade(unit, context, upload.id, context.clock.now());
    await forgetParts(unit, context, upload.id);
    return true;
  });
}

export function factsOf(upload: UploadRow, { part_number, sha256 }: ReceivedPart): PartFacts {
  return { number: part_number, sizeBytes: partSize(upload, part_number), sha256 };
}

/** Nobody waits for it: what fails is tried again when the package is to be completed. */
export function readSoon(context: MediaContext, upload: UploadRow): void {
  settle(context, upload).catch(() => {});
}

/**
 * Judges what stands in the file's place once the store no longer knows it as open, by one reading for all who ask. True: it is the file;
 * false: nothing is there, and all begins anew; throws when it is another file.
 */
export function settle(context: MediaContext, upload: UploadRow): Promise<boolean> {
  const { running } = context.readings;
  const key = `${upload.id} ${upload.multipart_id}`;
  const settled = running.get(key) ?? judge(context, upload).finally(() => running.delete(key));
  running.set(key, settled);
  return settled;
}

async function judge(context: MediaContext, upload: UploadRow): Promise<boolean> {
  const key = fileKey(upload, upload.path);
  const { size_bytes: sizeBytes, sha256 } = upload;
  const found = await context.objects.verify(key, { sizeBytes, sha256 });
  if (found === "same") {
    await recordStored(context, upload);
    return true;
  }
  await context.units.write(async (unit) => {
    const locked = await lockUpload(unit, context, upload.id);
    if (!locked || locked.multipart_id !== upload.multipart_id) return;
    if (found === "other") await context.objects.delete(key);
    await forgetParts(unit, context, upload.id);
    // The row goes too.
    await markStored(unit, context, [upload.id], null);
  });
  if (found === "none") return false;
  context.readings.differing.set(upload.package_id, upload.path);
  throw fileDiffers(upload.path);
}

export function fileDiffers(path: string): FlixError {
  return new FlixError("upload_file_digest_mismatch", {
    detail: `${path} is not what the package was begun with.`,
  });
}
