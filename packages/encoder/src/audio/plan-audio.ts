import { basename } from "node:path";
import type { Warning } from "../errors.ts";
import { requireLanguage } from "../plan/languages.ts";
import type { AudioStream } from "../source/tracks.ts";
import type { AudioFile } from "./audio-file.ts";
import { audioId, type AudioRole, audioRoles } from "./audio-role.ts";

export interface AudioRendition {
  id: string;
  codec: "aac";
  /** `master`, or the SHA-256 of the file beside it. */
  source: string;
  streamIndex: number;
  /** Of the source. */
  sourceChannels: number;
  language: string;
  role: AudioRole;
  channels: 2 | 6;
  bitrateKbps: number;
}

interface Sounds {
  tracks: readonly AudioStream[];
  files: readonly AudioFile[];
  /** Of tracks that do not say theirs. */
  language?: string | undefined;
  filmSeconds: number;
}

interface Candidate {
  name: string;
  source: string;
  stream: AudioStream;
  language: string;
  role: AudioRole;
}

/**
 * A stereo rendition for each language and role, and one in 5.1 where the source has it. A file takes the place of the master's track of its
 * kind; of the master's tracks, the default one comes first.
 */
export function planAudio({ tracks, files, language, filmSeconds }: Sounds): {
  renditions: AudioRendition[];
  warnings: Warning[];
} {
  const spoken = language === undefined ? "und" : requireLanguage(language);
  const ordered = tracks.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.index - b.index);
  const candidates: Candidate[] = [
    ...files.map(fromFile),
    ...ordered.map((stream) => fromMaster(stream, spoken)),
  ];
  const chosen = new Map<string, Candidate>();
  const warnings = files.flatMap((file) => [...file.warnings, ...lengthWarnings(file, filmSeconds)]);
  for (const candidate of candidates) {
    const key = `${candidate.language} ${candidate.role}`;
    const taken = chosen.get(key);
    if (taken) warnings.push(leftOut(candidate, taken));
    else chosen.set(key, candidate);
  }
  const first = ordered.find(({ role }) => role === "main")?.language ?? spoken;
  const inOrder = [...chosen.values()].toSorted((a, b) => rank(a, first) - rank(b, first));
  return { renditions: inOrder.flatMap(renditionsOf), warnings };
}

function fromFile({ path, sha256, stream, language, role }: AudioFile): Candidate {
  return { name: basename(path), source: sha256, stream, language, role };
}

function fromMaster(stream: AudioStream, spoken: string): Candidate {
  const { index, language, role } = stream;
  return { name: `Sound track ${index}`, source: "master", stream, language: language ?? spoken, role };
}

/** The film's own language before others, and what is not the main sound last: players begin with the first. */
function rank({ language, role }: Candidate, first: string): number {
  return audioRoles.indexOf(role) * 2 + (language === first ? 0 : 1);
}

const stereo = { channels: 2, bitrateKbps: 128 } as const;
const surround = { channels: 6, bitrateKbps: 384 } as const;

function renditionsOf({ source, stream, language, role }: Candidate): AudioRendition[] {
  const layouts = stream.channels >= surround.channels ? [stereo, surround] : [stereo];
  return layouts.map((layout) => ({
    id: audioId({ language, role, channels: layout.channels }),
    codec: "aac",
    source,
    streamIndex: stream.index,
    sourceChannels: stream.channels,
    language,
    role,
    ...layout,
  }));
}

function leftOut({ name, language, role }: Candidate, taken: Candidate): Warning {
  const kind = role === "main" ? language : `${language}, ${role}`;
  return {
    code: "audio_track_ignored",
    message: `${name} (${kind}) is left out: ${taken.name} is that already.`,
  };
}

/** A second is what editors leave at a film's end; five are another cut of it. */
function lengthWarnings({ path, durationSeconds }: AudioFile, filmSeconds: number): Warning[] {
  const longer = durationSeconds - filmSeconds;
  if (longer > 5) {
    const message = `${basename(path)} goes on ${longer.toFixed(1)} s after the film's end; is it of this cut?`;
    return [{ code: "audio_file_longer", message }];
  }
  if (longer > -1) return [];
  const message = `${basename(path)} ends ${(-longer).toFixed(1)} s before the film; the rest is silent.`;
  return [{ code: "audio_file_shorter", message }];
}
