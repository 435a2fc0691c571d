import {
  type HardwareChoice,
  type SwitchingSet,
  type VideoEncoders,
  type VideoRendition,
  softwareEncoders,
  switchingSetName,
} from "./video-rendition.ts";
import type { Warning } from "../errors.ts";
import type { DynamicRange } from "../source/color.ts";
import { type LadderStep, type PictureSize, planLadder, type Rung } from "./ladder.ts";
import type { Preset } from "./preset.ts";
import { requireLadder } from "./written-ladder.ts";
import { codecTraits, scaleRates, type VideoCodec, videoCodecs } from "./video-codecs.ts";

export interface VideoOptions {
  /** Beside H.264, which is always there. */
  codecs?: readonly VideoCodec[] | undefined;
  /** Encoders of the machine's hardware, where they are there; `none` unless it says otherwise. */
  hardware?: HardwareChoice | undefined;
  /** Of an HDR master, renditions in HDR too: in those of the codecs that carry it, HEVC where none is named. */
  hdr?: boolean | undefined;
  /** One of the film's own where it is long enough, unless it says otherwise. */
  ladder?: "fixed" | "per-title" | readonly LadderStep[] | undefined;
  preset?: Preset | undefined;
}

interface PlannedVideo {
  renditions: VideoRendition[];
  warnings: Warning[];
}

/** Six rungs of 10 s of film took 20 CPU-s with veryfast, 29 with faster, 36 with fast, 43 with medium. */
const defaultPreset: Preset = "faster";

interface Film {
  /** As it is shown. */
  shown: PictureSize;
  framesPerSecond: number;
  dynamicRange: DynamicRange;
}

/** The rungs of every switching set, H.264 first: its best is what pictures and posters are taken of. */
export function planVideo(
  film: Film,
  options: VideoOptions,
  encoders: VideoEncoders = softwareEncoders,
): PlannedVideo {
  const warnings: Warning[] = [];
  if (options.hdr && film.dynamicRange === "sdr") {
    const message = "The master is not HDR; no HDR renditions are made.";
    warnings.push({ code: "hdr_not_in_master", message });
  }
  const renditions = switchingSets(film.dynamicRange, options).flatMap((set) => {
    const { crf, minSide } = codecTraits[set.codec];
    const rungs = planLadder(film.shown, film.framesPerSecond, ladderOf(set, options.ladder));
    const taken = rungs.filter(({ width, height }) => Math.min(width, height) >= minSide);
    if (taken.length === 0) warnings.push(tooSmallFor(set.codec, minSide));
    const preset = options.preset ?? defaultPreset;
    const coding = { ...set, preset, encoder: encoders[set.codec] };
    return taken.map((rung) =>
      toRendition(rung, { ...coding, crf: crf + (rung.crf ?? crfOfH264) - crfOfH264 }),
    );
  });
  return { renditions, warnings };
}

export function switchingSets(
  ofMaster: DynamicRange,
  { codecs = [], hdr = false }: Pick<VideoOptions, "codecs" | "hdr">,
): SwitchingSet[] {
  const chosen = videoCodecs.filter((codec) => codec === "h264" || codecs.includes(codec));
  const sdr: SwitchingSet[] = chosen.map((codec) => ({ codec, dynamicRange: "sdr" }));
  if (!hdr || ofMaster === "sdr") return sdr;
  const deep = chosen.filter((codec) => codec !== "h264");
  const carrying: readonly VideoCodec[] = deep.length > 0 ? deep : ["hevc"];
  return [...sdr, ...carrying.map((codec) => ({ codec, dynamicRange: ofMaster }))];
}

/** Apple gives HDR a fifth more than SDR. */
const hdrShare = 1.2;

const crfOfH264 = codecTraits.h264.crf;

/** A ladder of one's own is written for H.264. */
function ladderOf(
  { codec, dynamicRange }: SwitchingSet,
  ladder: VideoOptions["ladder"],
): readonly LadderStep[] {
  const traits = codecTraits[codec];
  const own = typeof ladder === "object" ? requireLadder(ladder) : null;
  const steps = own ? scaleRates(own, traits.shareOfH264) : traits.fixedLadder;
  return dynamicRange === "sdr" ? steps : scaleRates(steps, hdrShare);
}

function toRendition(
  { name, width, height, maxrateKbps }: Rung,
  coding: Pick<VideoRendition, "codec" | "dynamicRange" | "encoder" | "crf" | "preset">,
): VideoRendition {
  const set = switchingSetName(coding);
  return {
    id: set === "h264" ? `video-${name}` : `video-${set}-${name}`,
    ...coding,
    width,
    height,
    maxrateKbps,
  };
}

function tooSmallFor(codec: VideoCodec, minSide: number): Warning {
  return {
    code: "picture_too_small_for_codec",
    message: `The picture has a side under ${minSide} pixels; there is no ${codec.toUpperCase()} rendition.`,
  };
}
