import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findUpload } from "../store/uploads.ts";
import { toUpload } from "../to-upload.ts";

export const getUpload: Handler<"getUpload", MediaContext> = async ({ params, unit }, context) => {
  const upload = await findUpload(unit, context, params.upload_id);
  if (!upload) throw new FlixError("not_found", { detail: "There is no such upload." });
  return toUpload(upload);
};
