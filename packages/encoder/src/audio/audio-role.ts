import { languageName } from "../plan/languages.ts";

/** `description` tells between the dialogue what is to be seen, for the blind. */
export const audioRoles = ["main", "commentary", "description"] as const;
export type AudioRole = (typeof audioRoles)[number];

interface Heard {
  language: string;
  role: AudioRole;
  channels: number;
}

/** `audio-fr`, `audio-fr-commentary`, `audio-fr-51`. */
export function audioId({ language, role, channels }: Heard): string {
  const parts = [
    "audio",
    language.toLowerCase(),
    ...(role === "main" ? [] : [role]),
    ...(channels > 2 ? ["51"] : []),
  ];
  return parts.join("-");
}

/** As a player's menu shows it, in the track's own language but for the role. */
export function audioName({ language, role }: Pick<Heard, "language" | "role">): string {
  const words = { main: "", commentary: " (commentary)", description: " (audio description)" };
  return languageName(language) + words[role];
}
