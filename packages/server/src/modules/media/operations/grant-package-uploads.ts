import type { components } from "@flix/openapi";
import type { Handler } from "../../../kernel/handler.ts";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { MediaContext } from "../context.ts";
import { grantSeconds } from "../grant-time.ts";
import { findSentParts, objectOf, type SentPart } from "../sent-parts.ts";

const signedAtATime = 16;

/** Works in units of its own: signing may have to try the store first. */
export const grantPackageUploads: Handler<"grantPackageUploads", MediaContext> = async (
  { params, body, validateOnly },
  context,
) => {
  const parts = await findSentParts(context, params.package_id, body.parts);
  if (validateOnly || !context.directUploads) return { grants: [] };
  const expiresAt = new Date(context.clock.now().getTime() + grantSeconds * 1000).toISOString();
  const pending = parts.filter(({ upload }) => upload.stored_at === null);
  const grants = await mapTogether(pending, signedAtATime, async (sent) => {
    const { key, ...object } = objectOf(sent);
    const grant = await context.objects.grantPut(key, { ...object, seconds: grantSeconds });
    return grant && { ...grant, ...nameOf(sent), expires_at: expiresAt };
  });
  return { grants: grants.filter((grant) => grant !== undefined) };
};

function nameOf({
  upload,
  part,
}: SentPart): Pick<components["schemas"]["UploadGrant"], "upload_id" | "part_number"> {
  return { upload_id: upload.id, part_number: part.part_number };
}
