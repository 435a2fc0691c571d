/** `forced` is shown where subtitles are off, for foreign speech; `sdh` tells also what is heard, for the deaf and hard of hearing. */
export const textRoles = ["main", "forced", "sdh"] as const;
export type TextRole = (typeof textRoles)[number];

/** `text-fr`, `text-fr-forced`, `text-pt-br-sdh`. */
export function textId(language: string, role: TextRole): string {
  return ["text", language.toLowerCase(), ...(role === "main" ? [] : [role])].join("-");
}
