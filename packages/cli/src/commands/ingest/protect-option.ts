import { id, integer, oneOf } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

export const protect = encodeOption(
  optional(
    "scheme",
    oneOf(["cenc", "cbcs", "none"]),
    "Encrypt picture and sound, each quality with a key of its own; Apple's devices play cbcs (default: none)",
  ),
  (scheme) => ({ protect: scheme }),
);

export const clearLead = encodeOption(
  optional(
    "seconds",
    integer(0, 3600),
    "What begins before stays clear, in whole segments, for a quick start",
  ),
  (seconds) => ({ clearLeadSeconds: seconds }),
);

export const keySet = encodeOption(
  optional("key-set-id", id("kst"), "Keys that the title has already, in place of new ones"),
  (keySetId) => ({ keySetId }),
  { ofOneFilm: true },
);
