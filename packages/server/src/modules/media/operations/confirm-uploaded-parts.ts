import type { components } from "@flix/openapi";
import type { Handler } from "../../../kernel/handler.ts";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { MediaContext } from "../context.ts";
import { factsOf, type MultipartFile, multipartOf, settle } from "../multipart-file.ts";
import { acceptParts } from "../receive-part.ts";
import { findSentParts, objectOf, type SentPart } from "../sent-parts.ts";
import type { ReceivedPart } from "../store/upload-parts.ts";
import type { UploadRow } from "../store/uploads.ts";

type MissingPart = components["schemas"]["MissingPart"];

/** Each takes a connection to the database for a moment. */
const lookedAtTogether = 8;

/** Works in short units of its own, as the parts that come through the server do. */
export const confirmUploadedParts: Handler<"confirmUploadedParts", MediaContext> = async (
  { params, body, validateOnly },
  context,
) => {
  const parts = await findSentParts(context, params.package_id, body.parts);
  const pending = parts.filter(({ upload }) => upload.stored_at === null);
  const files = Map.groupBy(pending, ({ upload }) => upload.id).values();
  const missing = await mapTogether(files, lookedAtTogether, (sent) => confirm(context, sent, validateOnly));
  return { missing: missing.flat() };
};

/** Parts of one file. */
async function confirm(
  context: MediaContext,
  sent: readonly SentPart[],
  validateOnly: boolean,
): Promise<MissingPart[]> {
  const [first] = sent;
  if (!first) return [];
  const { upload } = first;
  const parts = sent.map(({ part }) => part);
  const multipart = multipartOf(context, upload);
  const faults = multipart
    ? await faultsInStore(context, upload, multipart, { parts, validateOnly })
    : await mapTogether(sent, lookedAtTogether, (one) => faultOf(context, one, validateOnly));
  const right = parts.filter((_part, index) => faults[index] === undefined);
  if (right.length > 0 && !validateOnly) await acceptParts(context, upload, right);
  return parts.flatMap(({ part_number }, index) => {
    const reason = faults[index];
    return reason ? [{ upload_id: upload.id, part_number, reason }] : [];
  });
}

/** One question for all of them, to the store that checked each as it came. */
async function faultsInStore(
  context: MediaContext,
  upload: UploadRow,
  { store, object }: MultipartFile,
  { parts, validateOnly }: { parts: readonly ReceivedPart[]; validateOnly: boolean },
): Promise<(MissingPart["reason"] | undefined)[]> {
  const numbers = parts.map(({ part_number }) => part_number);
  const kept = await store.list(object, { from: Math.min(...numbers), to: Math.max(...numbers) });
  // Made by somebody who then died, or given up.
  if (!kept && !validateOnly && (await settle(context, upload))) return [];
  return parts.map((part) => {
    const { number, sizeBytes, sha256 } = factsOf(upload, part);
    const found = kept?.get(number);
    if (!found) return "not_there";
    return found.sizeBytes === sizeBytes && found.sha256 === sha256 ? undefined : "differs";
  });
}

async function faultOf(
  context: MediaContext,
  sent: SentPart,
  validateOnly: boolean,
): Promise<MissingPart["reason"] | undefined> {
  const { key, ...facts } = objectOf(sent);
  const found = await context.objects.verify(key, facts);
  if (found === "none") return "not_there";
  if (found === "same") return undefined;
  // It would be left as it is by who writes the right bytes under the same name, if it has their length.
  if (!validateOnly) await context.objects.delete(key);
  return "differs";
}
