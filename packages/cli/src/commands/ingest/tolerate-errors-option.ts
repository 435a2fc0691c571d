import { flag } from "../../parameters.ts";
import { encodeOption } from "./encode-option.ts";

export const tolerateErrors = encodeOption(
  flag("Encodes a damaged or cut master instead of refusing it, and reports the frames that are lost"),
  (tolerated) => ({ tolerateErrors: tolerated }),
);
