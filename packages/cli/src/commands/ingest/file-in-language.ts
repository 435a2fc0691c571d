import { languageTag } from "../../kinds.ts";

export interface FileInLanguage<Role extends string> {
  language: string;
  role?: Role;
  path: string;
}

/** `en=film.en.vtt`, or `en:forced=film.en.forced.vtt` where the file is not the usual one of its language. */
export function parseFileInLanguage<const Role extends string>(
  word: string,
  roles: readonly Role[],
): FileInLanguage<Role> | undefined {
  const [, tag = "", roleWord, path = ""] = /^([^=:]+)(?::([^=:]+))?=(.+)$/s.exec(word) ?? [];
  const language = languageTag.parse(tag);
  const role = roles.find((known) => known === roleWord);
  if (language === undefined || (role === undefined) !== (roleWord === undefined)) return undefined;
  return { language, path, ...(role && { role }) };
}
