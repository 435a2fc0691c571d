import type { Warning } from "../errors.ts";
import { requireLanguage } from "../plan/languages.ts";
import type { AudioStream } from "../source/probe.ts";

export interface AudioRendition {
  id: string;
  codec: "aac";
  streamIndex: number;
  language: string;
  channels: 2;
  bitrateKbps: number;
}

/** One stereo rendition a language: the default track of it, else the first that is no commentary. */
export function planAudio(
  tracks: readonly AudioStream[],
  language?: string,
): { renditions: AudioRendition[]; warnings: Warning[] } {
  const named = language === undefined ? undefined : requireLanguage(language);
  const ordered = tracks.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index);
  const renditions: AudioRendition[] = [];
  const warnings: Warning[] = [];
  for (const track of ordered) {
    const spoken = track.language ?? named ?? "und";
    if (renditions.some((rendition) => rendition.language === spoken)) {
      const message = `Sound track ${track.index} (${spoken}) is left out: ${spoken} has one already.`;
      warnings.push({ code: "audio_track_ignored", message });
      continue;
    }
    const id = `audio-${spoken.toLowerCase()}`;
    renditions.push({
      id,
      codec: "aac",
      streamIndex: track.index,
      language: spoken,
      channels: 2,
      bitrateKbps: 128,
    });
  }
  return { renditions, warnings };
}

function rank({ isDefault, isCommentary }: AudioStream): number {
  return (isCommentary ? 2 : 0) + (isDefault ? 0 : 1);
}
