import { createHash } from "node:crypto";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { readImage } from "../images.ts";
import { keepArtworkFile } from "../store/artwork-files.ts";
import { changeTitle, lockTitle } from "../store/titles.ts";
import { toTitle } from "../to-title.ts";

export const setTitleArtwork: Handler<"setTitleArtwork", CatalogContext> = async (
  { params, body, unit },
  context,
) => {
  const image = readImage(body);
  if (!image) throw new FlixError("image_not_valid");
  const title = await lockTitle(unit, context, params.title_id);
  if (!title) throw new FlixError("title_not_found");
  const { contentType: content_type, extension, width, height } = image;
  const file = `${createHash("sha256").update(body).digest("hex")}.${extension}`;
  // Kept before it is stored: a deletion that is under way ends first, and takes nothing that comes after it.
  await keepArtworkFile(unit, context, file);
  if (!unit.validateOnly) {
    await context.objects.put(`artwork/${file}`, body, { contentType: content_type });
  }
  const others = title.artwork.filter(({ kind }) => kind !== params.kind);
  const artwork = [...others, { kind: params.kind, file, content_type, width, height }];
  return toTitle(await changeTitle(unit, context, title.id, { artwork: JSON.stringify(artwork) }));
};
