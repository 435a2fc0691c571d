import { createHash } from "node:crypto";
import type { ObjectInfo } from "../../engines/objects/objects.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { MediaContext } from "./context.ts";
import { fileDiffers, makeFile, multipartOf, settle } from "./multipart-file.ts";
import { fileKey, partKey, uploadStaging } from "./package-paths.ts";
import { recordStored } from "./record-stored.ts";
import { forgetParts, listParts, type ReceivedPart, recordParts } from "./store/upload-parts.ts";
import { findUpload, lockUpload, type UploadRow } from "./store/uploads.ts";

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
  await unlessStored(context, upload, async () => {
    const at = await keepPart(context, upload, part, bytes);
    if (at) await recordOrJoin(context, at, [part]);
  });
}

/** With what the store makes of parts, or in staging; answers the upload as it was then, and nothing once it is stored. */
async function keepPart(
  context: MediaContext,
  upload: UploadRow,
  part: ReceivedPart,
  bytes: Buffer,
): Promise<UploadRow | undefined> {
  const multipart = multipartOf(context, upload);
  if (!multipart) {
    const key = partKey(upload, part.part_number, part.sha256);
    await context.objects.put(key, bytes, { contentType: "application/octet-stream" });
    return upload;
  }
  if (await multipart.store.put(multipart.object, part.part_number, bytes)) return upload;
  await settle(context, upload);
  const now = await findUpload(context.units.read(), context, upload.id);
  return now && now.stored_at === null ? keepPart(context, now, part, bytes) : undefined;
}

/** The same for parts of a file that are in the store already, and were looked at there. */
export async function acceptParts(
  context: MediaContext,
  upload: UploadRow,
  parts: readonly ReceivedPart[],
): Promise<void> {
  if (upload.part_count === 1) return recordStored(context, upload);
  const each = new Map(parts.map((part) => [part.part_number, part]));
  await unlessStored(context, upload, () => recordOrJoin(context, upload, [...each.values()]));
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

async function recordOrJoin(
  context: MediaContext,
  upload: UploadRow,
  came: readonly ReceivedPart[],
): Promise<void> {
  const whole = await recordUnlessLast(context, upload, came);
  if (whole === "stored already") await context.objects.deleteUnder(uploadStaging(upload));
  else if (whole !== "more to come") {
    const multipart = multipartOf(context, upload);
    await (multipart
      ? makeFile(context, upload, multipart, whole)
      : joinParts(context, upload, whole.last, whole.parts));
  }
}

async function storeWhole(context: MediaContext, upload: UploadRow, bytes: Buffer): Promise<void> {
  if (createHash("sha256").update(bytes).digest("hex") !== upload.sha256) throw fileDiffers(upload.path);
  await context.objects.put(fileKey(upload, upload.path), bytes, { contentType: upload.content_type });
  await recordStored(context, upload);
}

/** All parts in order, and the one that is left to record, when with these the file is whole. */
async function recordUnlessLast(
  context: MediaContext,
  upload: UploadRow,
  came: readonly ReceivedPart[],
): Promise<{ last: ReceivedPart; parts: ReceivedPart[] } | "stored already" | "more to come"> {
  return context.units.write(async (unit) => {
    const locked = await lockUpload(unit, context, upload.id);
    if (!locked) throw new FlixError("not_found");
    if (locked.stored_at !== null) return "stored already";
    // Kept where nobody looks for them any more: the client finds them missing and sends them again.
    if (locked.multipart_id !== upload.multipart_id) return "more to come";
    const known = await listParts(unit, context, upload.id);
    const byNumber = new Map([...known, ...came].map((part) => [part.part_number, part]));
    const last = came.at(-1);
    const isWhole = last !== undefined && byNumber.size === upload.part_count;
    await recordParts(unit, context, upload.id, isWhole ? came.slice(0, -1) : came);
    if (!isWhole) return "more to come";
    const parts = [...byNumber.values()].toSorted((one, other) => one.part_number - other.part_number);
    return { last, parts };
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
      await recordParts(unit, context, upload.id, [last]);
      const lost = parts.filter((_part, index) => sources[index] === undefined);
      const numbers = lost.map(({ part_number }) => part_number);
      await forgetParts(unit, context, upload.id, numbers);
    });
  }
  const { content_type: contentType, sha256 } = upload;
  const whole = await context.objects.join(fileKey(upload, upload.path), present, { contentType, sha256 });
  if (whole) await recordStored(context, upload);
  await dropParts(context, upload);
  if (!whole) throw fileDiffers(upload.path);
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
