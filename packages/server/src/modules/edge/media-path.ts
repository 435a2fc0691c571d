import { FlixError } from "../../kernel/errors.ts";

/** `/media/<grant>/<key of an object>`, taken from the request's target as it was sent. */
export interface MediaPath {
  token: string;
  key: string;
}

const prefix = "/media/";
/** As the contract's PackagePath: no escapes, no empty part, none that begins with a dot. */
const keyPattern = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** Splits the target; the query is the player's own (CMCD) and plays no part. */
export function readMediaPath(target: string): MediaPath {
  const [path = ""] = target.split("?", 1);
  const slash = path.indexOf("/", prefix.length);
  if (!path.startsWith(prefix) || slash === -1) throw new FlixError("media_grant_not_valid");
  return { token: path.slice(prefix.length, slash), key: path.slice(slash + 1) };
}

/** Nothing is decoded, so nothing can be hidden by encoding it. */
export function requireKey(key: string): string {
  if (keyPattern.test(key)) return key;
  throw new FlixError("media_path_not_valid");
}
