import type { Plan } from "../plan/plan.ts";

const surroundGroup = "audio-51";

export function audioGroup(channels: number): string {
  return channels > 2 ? surroundGroup : "audio";
}

type Sounds = Pick<Plan, "audio" | "text">;

/**
 * What the packager leaves to do in its master playlist (RFC 8216bis section 4.4.6.1). Every group has the same members, so that a player
 * with surround still finds the commentary: where there is no surround, the stereo stands in for it. Tracks come in the plan's order, where
 * the packager lists text by file name, and players may choose each by the viewer's settings, a commentary apart.
 */
export function completeGroups(playlist: string, plan: Sounds): string {
  const lines = playlist.split("\n");
  const isMedia = (line: string): boolean => line.startsWith("#EXT-X-MEDIA:");
  const first = lines.findIndex(isMedia);
  if (first < 0) return playlist;
  const media = lines.filter(isMedia).map((line) => selectable(line, plan));
  const ordered = [...media, ...standIns(media)].toSorted((a, b) => place(a, plan) - place(b, plan));
  const rest = lines.filter((line) => !isMedia(line));
  return [...rest.slice(0, first), ...ordered, ...rest.slice(first)].join("\n");
}

function standIns(media: readonly string[]): string[] {
  const sound = media.filter((line) => attribute(line, "TYPE") === "AUDIO");
  const surround = sound.filter((line) => attribute(line, "GROUP-ID") === surroundGroup);
  const missing = sound.filter((line) => !surround.some((other) => isSameMember(line, other)));
  return surround.length === 0
    ? []
    : missing.map((line) => line.replace(/GROUP-ID="[^"]*"/, `GROUP-ID="${surroundGroup}"`));
}

function isSameMember(a: string, b: string): boolean {
  return ["LANGUAGE", "NAME"].every((name) => attribute(a, name) === attribute(b, name));
}

function selectable(line: string, { audio }: Sounds): string {
  const isCommentary = audio.find(({ id }) => id === idOf(line))?.role === "commentary";
  if (isCommentary || line.includes("AUTOSELECT=")) return line;
  return line.replace(/DEFAULT=\w+/, (chosen) => `${chosen},AUTOSELECT=YES`);
}

/** Group by group, as the plan has them. */
function place(line: string, { audio, text }: Sounds): number {
  const at = [...audio, ...text].findIndex(({ id }) => id === idOf(line));
  const group = ["audio", surroundGroup, "text"].indexOf(attribute(line, "GROUP-ID") ?? "");
  return group * (audio.length + text.length) + at;
}

/** A rendition's playlist lies in a folder of its name. */
function idOf(line: string): string | undefined {
  return attribute(line, "URI")?.split("/", 1)[0];
}

function attribute(line: string, name: string): string | undefined {
  return new RegExp(`[:,]${name}=(?:"([^"]*)"|([^,]*))`).exec(line)?.slice(1).find(Boolean);
}
