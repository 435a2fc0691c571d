import { type AudioFile, type AudioFileOption, readAudioFiles } from "./audio/audio-file.ts";
import { admit, type AdmittedSource } from "./source/admit.ts";
import { throwIfAborted, type Warning } from "./errors.ts";
import { hashFile } from "./source/hash-file.ts";
import { filmOf, type Marker, type MarkerInput, resolveMarkers } from "./markers/markers.ts";
import type { Plan, PlanOptions } from "./plan/plan.ts";
import { planOnMachine } from "./plan/plan-on-machine.ts";
import { probe } from "./source/probe.ts";
import type { Programs } from "./programs/programs.ts";
import type { Progress } from "./progress.ts";
import type { MasterOrigin } from "./source/remote/remote-source.ts";
import type { SourceAccess } from "./source/remote/source-access.ts";
import type { StageClock } from "./stage-clock.ts";
import type { KeyServer } from "./protection/key-server.ts";
import { burnedHere } from "./burn/burned-here.ts";
import { readSubtitles, type Subtitle, type SubtitleFile } from "./text/subtitles.ts";
import type { EncoderTurns } from "./video/encoder-turns.ts";
import { workKey } from "./work/work-folder.ts";
import type { FanOut } from "./workers/fan-out.ts";

export interface EncodeOptions extends PlanOptions {
  /** The master: a file, or an address (https://, s3://) that it is fetched from. */
  input: string;
  /** Where the file was fetched from. */
  origin?: MasterOrigin | undefined;
  /** Who may be asked for a master that is not a file; as the environment says when absent. */
  access?: SourceAccess | undefined;
  subtitles?: readonly SubtitleFile[] | undefined;
  audioFiles?: readonly AudioFileOption[] | undefined;
  /** Set for the title that an ingest publishes to, where no operator has set others there; they decide no byte of the package. */
  markers?: readonly MarkerInput[] | undefined;
  /** Takes the encoder's word for the credits that it finds. */
  acceptProposedMarkers?: boolean | undefined;
  /** Where work and finished packages lie; made if it is not there. */
  workDir: string;
  /** How many chunks are encoded at once on this machine; one a core unless it is given. */
  workers?: number | undefined;
  /** Shared with other encodes of this process that run at the same time. */
  turns?: EncoderTurns | undefined;
  /** Gives the chunks to workers on other machines instead. */
  fanOut?: FanOut | undefined;
  /** Where the keys of a package that is encrypted come from; an ingest asks the platform, or the operator's own key server. */
  keyServer?: KeyServer | undefined;
  /** Of the master; one that remembers spares reading it again. */
  hashMaster?: typeof hashFile | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Found by `findPrograms` when absent. */
  programs?: Programs | undefined;
}

/** Everything that is known before the first frame is encoded. */
export interface Prepared {
  source: AdmittedSource & { sha256: string };
  origin: MasterOrigin | undefined;
  subtitles: Subtitle[];
  audioFiles: AudioFile[];
  markers: Marker[];
  plan: Plan;
  warnings: Warning[];
  programs: Programs;
  key: string;
  workers: number | undefined;
  turns: EncoderTurns | undefined;
  fanOut: FanOut | undefined;
  keyServer: KeyServer | undefined;
  signal: AbortSignal | undefined;
}

export async function prepare(
  options: EncodeOptions,
  programs: Programs,
  clock: StageClock,
): Promise<Prepared> {
  const { signal } = options;
  throwIfAborted(signal);
  const ffprobe = programs.ffprobe.path;
  const probed = await clock.run("probe", () => probe(ffprobe, options.input, signal));
  const admitted = await clock.run("admit", async (update) => {
    const [source, subtitles, audioFiles] = await Promise.all([
      admit(ffprobe, probed, signal, options),
      readSubtitles(options.subtitles ?? []),
      readAudioFiles(ffprobe, options.audioFiles ?? [], signal),
    ]);
    let read = 0;
    const hash = options.hashMaster ?? hashFile;
    const sha256 = await hash(source.path, signal, (bytes) => update((read += bytes) / source.sizeBytes));
    return { source: { ...source, sha256 }, subtitles, audioFiles };
  });
  return clock.run("plan", async () => {
    const { plan, warnings } = await planOnMachine(admitted.source, admitted, options, programs, signal);
    const { fanOut, warnings: local } = burnedHere(plan.burnedSubtitle, options.fanOut);
    const tools = { ffmpeg: programs.ffmpeg.version, packager: programs.packager.version };
    return {
      ...admitted,
      markers: resolveMarkers(options.markers ?? [], filmOf(plan, admitted.source)),
      plan,
      warnings: [...warnings, ...local],
      programs,
      key: workKey(admitted.source.sha256, plan, tools, plan.protection && options.keyServer?.contentId),
      origin: options.origin,
      workers: options.workers,
      turns: options.turns,
      fanOut,
      keyServer: options.keyServer,
      signal,
    };
  });
}
