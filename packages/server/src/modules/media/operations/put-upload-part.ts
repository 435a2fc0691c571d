import { createHash } from "node:crypto";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { partSize } from "../package-files.ts";
import { receivePart } from "../receive-part.ts";
import { findUpload, type UploadRow } from "../store/uploads.ts";
import { toUpload } from "../to-upload.ts";

/** Works in short units of its own, one after the other: the request's would stay open while bytes are written. */
export const putUploadPart: Handler<"putUploadPart", MediaContext> = async (
  { params, body, headers, validateOnly },
  context,
) => {
  const read = async () => {
    const upload = await findUpload(context.units.read(), context, params.upload_id);
    if (!upload) throw new FlixError("not_found", { detail: "There is no such upload." });
    return upload;
  };
  const upload = await read();
  if (upload.stored_at !== null) return toUpload(upload);
  const { part_number } = params;
  const sha256 = checkPart(upload, part_number, body, headers["content-digest"]);
  if (validateOnly) return toUpload(upload);
  await receivePart(context, upload, { part_number, sha256 }, body);
  return toUpload(await read());
};

/** Answers the part's digest in hexadecimal. */
function checkPart(
  upload: UploadRow,
  part: number,
  bytes: Buffer,
  contentDigest: string | string[] | undefined,
): string {
  const [, claimed] = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(String(contentDigest)) ?? [];
  if (claimed === undefined) {
    const errors = [{ pointer: "header.Content-Digest", message: "must be sha-256=:<base64>: (RFC 9530)" }];
    throw new FlixError("invalid_request", { detail: "Content-Digest is missing or not valid.", errors });
  }
  if (part > upload.part_count) {
    throw new FlixError("upload_part_not_found", { detail: `The upload has ${upload.part_count} parts.` });
  }
  const size = partSize(upload, part);
  if (bytes.length !== size) {
    const detail = `Part ${part} has ${size} bytes; ${bytes.length} came.`;
    throw new FlixError("upload_part_size_mismatch", { detail });
  }
  const digest = createHash("sha256").update(bytes).digest();
  if (digest.toString("base64") !== claimed) throw new FlixError("upload_part_digest_mismatch");
  return digest.toString("hex");
}
