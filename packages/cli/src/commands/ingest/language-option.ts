import { languageTag } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

/** A title's original language is that of its sound, unless the file says otherwise. */
export const language = encodeOption(
  optional("tag", languageTag, "Language of the sound where the file does not say, such as en or pt-BR"),
  (tag) => ({ language: tag }),
);
