import type { components } from "@flix/openapi";
import type { Handler } from "../../../kernel/handler.ts";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { MediaContext } from "../context.ts";
import { acceptPart } from "../receive-part.ts";
import { findSentParts, objectOf, type SentPart } from "../sent-parts.ts";

/** Each takes a connection to the database for a moment. */
const lookedAtTogether = 8;

/** Works in short units of its own, as the parts that come through the server do. */
export const confirmUploadedParts: Handler<"confirmUploadedParts", MediaContext> = async (
  { params, body, validateOnly },
  context,
) => {
  const parts = await findSentParts(context, params.package_id, body.parts);
  const missing = await mapTogether(parts, lookedAtTogether, async (sent) => {
    const reason = await faultOf(context, sent, validateOnly);
    return reason && { upload_id: sent.upload.id, part_number: sent.part.part_number, reason };
  });
  return { missing: missing.filter((part) => part !== undefined) };
};

async function faultOf(
  context: MediaContext,
  sent: SentPart,
  validateOnly: boolean,
): Promise<components["schemas"]["MissingPart"]["reason"] | undefined> {
  const { upload, part } = sent;
  if (upload.stored_at !== null) return undefined;
  const { key, ...facts } = objectOf(sent);
  const found = await context.objects.verify(key, facts);
  if (found === "none") return "not_there";
  if (found === "other") {
    // It would be left as it is by who writes the right bytes under the same name, if it has their length.
    if (!validateOnly) await context.objects.delete(key);
    return "differs";
  }
  if (!validateOnly) await acceptPart(context, upload, part);
  return undefined;
}
