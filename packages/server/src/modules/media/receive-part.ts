import { createHash } from "node:crypto";
import type { ObjectInfo } from "../../engines/objects/objects.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { MediaContext } from "./context.ts";
import { fileKey, packagePrefix, partKey, uploadStaging } from "./package-paths.ts";
import { requestDeletions } from "./store/deletions.ts";
import { findPackageOf } from "./store/packages.ts";
import { forgetParts, listParts, recordPart, type ReceivedPart } from "./store/upload-parts.ts";
import { findUpload, lockUpload, markStored, type UploadRow } from "./store/uploads.ts";

/**
 * Keeps a part, and with the last missing one makes the file whole.
 *
 * Bytes are moved between transactions, never inside one, so that no connection waits for a disk. A part is recorded
 * after it is on disk. The part that would make the file whole is recorded only by the file being stored: whoever
 * dies in between leaves that part missing, so that a client that goes on sends it again. Several requests may find
 * themselves to be the last; each joins the parts that it saw, and writes the same bytes under the same name.
 */
export async function receivePart(
  context: MediaContext,
  upload: UploadRow,
  part: ReceivedPart,
  bytes: Buffer,
): Promise<void> {
  if (upload.part_count === 1) return storeWhole(context, upload, bytes);
  const key = partKey(upload, part.part_number, part.sha256);
  await unlessStored(context, upload, async () => {
    await context.objects.put(key, bytes, { contentType: "application/octet-stream" });
    await recordOrJoin(context, upload, part);
  });
}

/** The same for a part that is in the store already, and was looked at there. */
export async function acceptPart(
  context: MediaContext,
  upload: UploadRow,
  part: ReceivedPart,
): Promise<void> {
  if (upload.part_count === 1) return recordStored(context, upload);
  await unlessStored(context, upload, () => recordOrJoin(context, upload, part));
}

async function unlessStored(
  context: MediaContext,
  upload: UploadRow,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Another request made the file whole and cleared the parts away under this one's hands.
    if (error instanceof FlixError || !(await isStored(context, upload))) throw error;
  }
}

async function recordOrJoin(context: MediaContext, upload: UploadRow, part: ReceivedPart): Promise<void> {
  const parts = await recordUnlessLast(context, upload, part);
  if (parts === "stored already") await context.objects.deleteUnder(uploadStaging(upload));
  else if (parts !== "more to come") await joinParts(context, upload, part, parts);
}

async function storeWhole(context: MediaContext, upload: UploadRow, bytes: Buffer): Promise<void> {
  if (createHash("sha256").update(bytes).digest("hex") !== upload.sha256) throw fileDiffers(upload);
  await context.objects.put(fileKey(upload, upload.path), bytes, { contentType: upload.content_type });
  await recordStored(context, upload);
}

/** All parts in order, when this one makes the file whole. */
async function recordUnlessLast(
  context: MediaContext,
  upload: UploadRow,
  part: ReceivedPart,
): Promise<ReceivedPart[] | "stored already" | "more to come"> {
  return context.units.write(async (unit) => {
    const locked = await lockUpload(unit, context, upload.id);
    if (!locked) throw new FlixError("not_found");
    if (locked.stored_at !== null) return "stored already";
    const known = await listParts(unit, context, upload.id);
    const others = known.filter(({ part_number }) => part_number !== part.part_number);
    if (others.length + 1 === upload.part_count) {
      return [...others, part].toSorted((one, other) => one.part_number - other.part_number);
    }
    await recordPart(unit, context, upload.id, part);
    return "more to come";
  });
}

async function joinParts(
  context: MediaContext,
  upload: UploadRow,
  last: ReceivedPart,
  parts: ReceivedPart[],
): Promise<void> {
  const staged = new Map<string, ObjectInfo>();
  for await (const object of context.objects.list(uploadStaging(upload))) staged.set(object.key, object);
  const sources = parts.map(({ part_number, sha256 }) => staged.get(partKey(upload, part_number, sha256)));
  const present = sources.filter((source) => source !== undefined);
  if (present.length < parts.length) {
    // A clean-up took them; the client finds them missing and sends them again.
    return context.units.write(async (unit) => {
      await recordPart(unit, context, upload.id, last);
      const lost = parts.filter((_part, index) => sources[index] === undefined);
      const numbers = lost.map(({ part_number }) => part_number);
      await forgetParts(unit, context, upload.id, numbers);
    });
  }
  const { content_type: contentType, sha256 } = upload;
  const whole = await context.objects.join(fileKey(upload, upload.path), present, { contentType, sha256 });
  if (whole) await recordStored(context, upload);
  await dropParts(context, upload);
  if (!whole) throw fileDiffers(upload);
}

async function recordStored(context: MediaContext, upload: UploadRow): Promise<void> {
  await context.units.write(async (unit) => {
    if (await lockUpload(unit, context, upload.id)) {
      return markStored(unit, context, [upload.id], context.clock.now());
    }
    // The package was deleted meanwhile, and its objects perhaps before this one was there.
    const again = await findPackageOf(unit, context, upload);
    if (!again) await requestDeletions(unit, context, [packagePrefix(upload)]);
    return undefined;
  });
}

async function isStored(context: MediaContext, { id }: UploadRow): Promise<boolean> {
  const upload = await findUpload(context.units.read(), context, id);
  return upload !== undefined && upload.stored_at !== null;
}

/** Bytes before rows: rows without bytes are noticed, bytes without rows would stay for ever. */
async function dropParts(context: MediaContext, upload: UploadRow): Promise<void> {
  await context.objects.deleteUnder(uploadStaging(upload));
  await context.units.write((unit) => forgetParts(unit, context, upload.id));
}

function fileDiffers({ path }: UploadRow): FlixError {
  return new FlixError("upload_file_digest_mismatch", {
    detail: `${path} is not what the package was begun with.`,
  });
}
