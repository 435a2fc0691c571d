import { languageName } from "../plan/languages.ts";

/** `forced` is shown where subtitles are off, for foreign speech; `sdh` tells also what is heard, for the deaf and hard of hearing. */
export const textRoles = ["main", "forced", "sdh"] as const;
export type TextRole = (typeof textRoles)[number];

/** `text-fr`, `text-fr-forced`, `text-pt-br-sdh`. */
export function textId(language: string, role: TextRole): string {
  return ["text", language.toLowerCase(), ...(role === "main" ? [] : [role])].join("-");
}

/** As a player's menu shows it, in the track's own language but for the role. */
export function textName({ language, role }: { language: string; role: TextRole }): string {
  const words = { main: "", forced: " (forced)", sdh: " (SDH)" };
  return languageName(language) + words[role];
}
