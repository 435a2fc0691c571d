export { type AudioFileOption } from "./audio/audio-file.ts";
export { type EncodedPackage } from "./build.ts";
export { EncoderError, type EncoderErrorCode, type EncoderWarningCode, type Warning } from "./errors.ts";
export { fixedLadder, type LadderStep } from "./plan/ladder.ts";
export { parseLadder } from "./plan/written-ladder.ts";
export { type CurrentPackage, findCurrentPackage } from "./platform/current-package.ts";
export { encode, ingest, type IngestedPackage, type IngestOptions } from "./pipeline.ts";
export { type MarkerInput, markerKinds, resolveMarkers } from "./markers/markers.ts";
export { type SourcedMarker } from "./markers/merge-markers.ts";
export { type ProposedMarker } from "./markers/proposals-in-report.ts";
export { postersInReport, type ReportedPoster } from "./pictures/posters-in-report.ts";
export { type Plan } from "./plan/plan.ts";
export { type Preset, presets } from "./plan/preset.ts";
export { type VideoCodec, videoCodecs } from "./plan/video-codecs.ts";
export {
  type CurrentEncode,
  type Preflight,
  preflight,
  type PreflightOptions,
  type Problem,
} from "./preflight.ts";
export { type EncodeOptions } from "./prepare.ts";
export { createHashMemory } from "./source/hash-memory.ts";
export { type Source } from "./source/probe.ts";
export { checkPrograms, findPrograms, type ProgramCheck, type Programs } from "./programs/programs.ts";
export { recordIngest } from "./speed/speed.ts";
export { proposedMarkersOf, publishMarkers } from "./platform/publish-markers.ts";
export { type Progress, type Stage, stages } from "./progress.ts";
export { type PackageFile, type PackageReport } from "./package/report.ts";
export { type MasterIdentity } from "./source/remote/identify-master.ts";
export { type SourceAccess, sourceAccess } from "./source/remote/source-access.ts";
export { type SubtitleFile } from "./text/subtitles.ts";
// For the benchmark, which runs bare x264 with the same settings beside an ingest.
export { encoderOptions } from "./video/encoders.ts";
export { fanOutOf } from "./workers/fan-out.ts";
export { createEncoderTurns, type EncoderTurns } from "./video/encoder-turns.ts";
export { type FanOut } from "./workers/fan-out.ts";
export { runWorker, type WorkerEvent, type WorkerOptions } from "./workers/worker.ts";
export { type HardwareChoice, type VideoRendition, hardwareChoices } from "./plan/video-rendition.ts";
