import type { components } from "@flix/openapi";
import type { Grant } from "../../../engines/objects/objects.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { MediaContext } from "../context.ts";
import { grantSeconds } from "../grant-time.ts";
import { factsOf, multipartOf, openMultipart } from "../multipart-file.ts";
import { findSentParts, objectOf, type SentPart } from "../sent-parts.ts";

const signedAtATime = 16;
/** Each takes a connection to the database for a moment. */
const openedAtATime = 8;

/** Works in units of its own: signing may have to try the store first. */
export const grantPackageUploads: Handler<"grantPackageUploads", MediaContext> = async (
  { params, body, validateOnly },
  context,
) => {
  const parts = await findSentParts(context, params.package_id, body.parts);
  if (validateOnly || !context.directUploads) return { grants: [] };
  const expiresAt = new Date(context.clock.now().getTime() + grantSeconds * 1000).toISOString();
  const pending = parts.filter(({ upload }) => upload.stored_at === null);
  const open = await openAll(context, pending);
  const grants = await mapTogether(open, signedAtATime, async (sent) => {
    const grant = await grantPart(context, sent);
    return grant && { ...grant, ...nameOf(sent), expires_at: expiresAt };
  });
  return { grants: grants.filter((grant) => grant !== undefined) };
};

/** Each upload once, however many of its parts are asked for. */
async function openAll(context: MediaContext, parts: readonly SentPart[]): Promise<SentPart[]> {
  const uploads = new Map(parts.map(({ upload }) => [upload.id, upload]));
  const open = await mapTogether(uploads.values(), openedAtATime, (upload) => openMultipart(context, upload));
  const byId = new Map(open.map((upload) => [upload?.id, upload]));
  return parts.flatMap(({ upload: { id }, part }) => {
    const upload = byId.get(id);
    return upload ? [{ upload, part }] : [];
  });
}

function grantPart(context: MediaContext, sent: SentPart): Promise<Grant | undefined> {
  const multipart = multipartOf(context, sent.upload);
  if (multipart)
    return multipart.store.grant(multipart.object, factsOf(sent.upload, sent.part), grantSeconds);
  const { key, ...object } = objectOf(sent);
  return context.objects.grantPut(key, { ...object, seconds: grantSeconds });
}

function nameOf({
  upload,
  part,
}: SentPart): Pick<components["schemas"]["UploadGrant"], "upload_id" | "part_number"> {
  return { upload_id: upload.id, part_number: part.part_number };
}
