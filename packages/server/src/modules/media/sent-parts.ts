import type { components } from "@flix/openapi";
import type { ObjectFacts } from "../../engines/objects/objects.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { MediaContext } from "./context.ts";
import { partSize } from "./package-files.ts";
import { fileKey, partKey } from "./package-paths.ts";
import { findPackage } from "./store/packages.ts";
import type { ReceivedPart } from "./store/upload-parts.ts";
import { listUploadsById, type UploadRow } from "./store/uploads.ts";

/** A part that a client sends, or has sent, straight to the store. */
export interface SentPart {
  upload: UploadRow;
  part: ReceivedPart;
}

/** The parts that a request names; each has to be one of the package's. */
export async function findSentParts(
  context: MediaContext,
  packageId: string,
  parts: readonly components["schemas"]["UploadPart"][],
): Promise<SentPart[]> {
  const unit = context.units.read();
  const owner = await findPackage(unit, context, packageId);
  if (!owner) throw new FlixError("not_found", { detail: "There is no such package." });
  const ids = [...new Set(parts.map(({ upload_id }) => upload_id))];
  const rows = await listUploadsById(unit, context, owner.id, ids);
  const uploads = new Map(rows.map((upload) => [upload.id, upload]));
  return parts.map(({ upload_id, part_number, sha256 }) => {
    const upload = uploads.get(upload_id);
    if (!upload) throw new FlixError("not_found", { detail: `The package has no upload ${upload_id}.` });
    if (part_number > upload.part_count) {
      const detail = `${upload.path} has ${upload.part_count} parts.`;
      throw new FlixError("upload_part_not_found", { detail });
    }
    if (upload.part_count === 1 && sha256 !== upload.sha256) {
      const detail = `${upload.path} is not what the package was begun with.`;
      throw new FlixError("upload_file_digest_mismatch", { detail });
    }
    return { upload, part: { part_number, sha256 } };
  });
}

/**
 * Where a part is sent to: a file of one part to its own place, others to where they wait to be joined.
 *
 * The file's own place is safe before anybody has looked at what came. The grant names the digest that the package was begun
 * with, and a store gets grants only after it has shown that it refuses other bytes, so nothing else can ever stand there: not before
 * the part is confirmed, and not by a grant that is used again later. No session is given the files of a package before it is
 * complete, and it is complete only when each was confirmed. Ten thousand small segments so cost a request each, and no copy.
 */
export function objectOf({ upload, part }: SentPart): ObjectFacts & { key: string; contentType: string } {
  const { part_number, sha256 } = part;
  const sizeBytes = partSize(upload, part_number);
  if (upload.part_count === 1) {
    return { key: fileKey(upload, upload.path), sizeBytes, sha256, contentType: upload.content_type };
  }
  const key = partKey(upload, part_number, sha256);
  return { key, sizeBytes, sha256, contentType: "application/octet-stream" };
}
