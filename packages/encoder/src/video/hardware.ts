import {
  type HardwareChoice,
  type HardwareFamily,
  type SwitchingSet,
  type VideoEncoder,
  type VideoEncoders,
  type VideoRendition,
  hardwareFamilies,
  softwareEncoders,
} from "../plan/video-rendition.ts";
import { EncoderError, type Warning } from "../errors.ts";
import type { VideoCodec } from "../plan/video-codecs.ts";
import { encodeConfinement } from "../programs/confine.ts";
import { readProgram } from "../programs/ffmpeg.ts";
import type { Program } from "../programs/programs.ts";
import { colorOfRendition } from "./color-filters.ts";
import { encoderNamed } from "./encoders.ts";

interface ChosenEncoders {
  encoders: VideoEncoders;
  warnings: Warning[];
}

/** An encoder for each codec: software's, unless hardware is asked for and really encodes here. */
export async function chooseEncoders(
  ffmpeg: Program,
  sets: readonly SwitchingSet[],
  choice: HardwareChoice = "none",
  signal?: AbortSignal,
): Promise<ChosenEncoders> {
  const encoders: Record<VideoCodec, VideoEncoder> = { ...softwareEncoders };
  const warnings: Warning[] = [];
  if (choice === "none") return { encoders, warnings };
  const families = choice === "auto" ? hardwareFamilies : [choice];
  for (const [codec, ofCodec] of Map.groupBy(sets, (set) => set.codec)) {
    const failures: string[] = [];
    const family = await firstWorking(families, async (candidate) => {
      const failure = await tryFamily(ffmpeg, candidate, ofCodec, signal);
      if (failure !== null) failures.push(`${codec}_${candidate}: ${failure}`);
      return failure === null;
    });
    if (family) encoders[codec] = `${codec}_${family}`;
    else if (choice === "auto") warnings.push(notFound(codec, failures));
    else throw notAvailable(choice, codec, failures);
  }
  return { encoders, warnings };
}

async function firstWorking(
  families: readonly HardwareFamily[],
  works: (family: HardwareFamily) => Promise<boolean>,
): Promise<HardwareFamily | undefined> {
  for (const family of families) if (await works(family)) return family;
  return undefined;
}

/** Encodes a few frames, because a listed encoder says only what ffmpeg was built with. Null where it works, else why not. */
async function tryFamily(
  { path, capabilities }: Program,
  family: HardwareFamily,
  sets: readonly SwitchingSet[],
  signal?: AbortSignal,
): Promise<string | null> {
  for (const set of sets) {
    const encoder: VideoEncoder = `${set.codec}_${family}`;
    if (!capabilities.has(encoder)) return "this ffmpeg is built without it";
    const failure = await encodeSample(path, { ...sample, ...set, encoder }, signal);
    if (failure !== null) return failure;
  }
  return null;
}

const sample = {
  id: "sample",
  width: 640,
  height: 360,
  crf: 25,
  preset: "faster",
  maxrateKbps: 2000,
} as const;
const sampleSource = "testsrc2=size=640x360:rate=24:duration=1";
/** A driver that hangs is none. */
const sampleTimeoutMs = 20_000;

async function encodeSample(
  ffmpeg: string,
  rendition: VideoRendition,
  signal?: AbortSignal,
): Promise<string | null> {
  const { device = [], upload, options } = encoderNamed(rendition.encoder);
  const filters = [
    `format=${colorOfRendition(rendition.dynamicRange).format}`,
    ...(upload?.(rendition) ?? []),
  ];
  const film = { gopFrames: 12, hdr: { display: null, contentLight: null } };
  const input = [...device, "-f", "lavfi", "-i", sampleSource];
  const output = ["-vf", filters.join(","), ...options(rendition, film), "-f", "null", "-"];
  const args = ["-hide_banner", "-nostdin", "-v", "error", ...input, ...output];
  const confined = { confinement: encodeConfinement(), timeoutMs: sampleTimeoutMs };
  try {
    const { exitCode, stderr } = await readProgram(ffmpeg, args, { signal, ...confined });
    return exitCode === 0 ? null : firstLine(stderr);
  } catch (error) {
    if (error instanceof EncoderError && error.code === "stalled") return error.message;
    throw error;
  }
}

/** The first is the reason, without the prefix of ffmpeg's log; those below it follow from it. */
function firstLine(stderr: string): string {
  const [line = ""] = stderr.trim().split("\n");
  return (
    line
      .replace(/^\[[^\]]*\] */, "")
      .replace(/\.$/, "")
      .trim() || "ffmpeg said nothing"
  );
}

function notFound(codec: VideoCodec, failures: readonly string[]): Warning {
  return {
    code: "hardware_not_found",
    message: `No hardware of this machine encodes ${codec}; software does (${failures.join("; ")}).`,
  };
}

function notAvailable(family: HardwareFamily, codec: VideoCodec, failures: readonly string[]): EncoderError {
  return new EncoderError("hardware_not_available", {
    message: `This machine does not encode ${codec} with ${family}: a try failed (${failures.join("; ")}).`,
    hint: whatToDo[family],
  });
}

const whatToDo: Readonly<Record<HardwareFamily, string>> = {
  nvenc:
    "Check the NVIDIA driver with `nvidia-smi`, and in a container that it may use the GPU; or leave --hw out.",
  vaapi:
    "Check with `vainfo` that /dev/dri/renderD128 is there and that you may use it (group render); or leave --hw out.",
  qsv: "Check that an Intel GPU and its media driver (iHD, oneVPL) are there; or leave --hw out.",
  videotoolbox: "It is there on macOS only; leave --hw out elsewhere.",
};
