import type { PictureSize } from "../plan/ladder.ts";
import type { RatePoint } from "./hull.ts";
import { monotoneCurve } from "./monotone-curve.ts";

/** A way to encode the title, with what it would cost and give. */
export interface Candidate extends PictureSize, RatePoint {
  crf: number;
}

/** Finer steps than the encoder's own noise would say nothing. */
const crfStep = 0.5;

/** One sample of the title, and how much of it that stands for. */
export interface ProbedSample {
  weight: number;
  /** The same sizes and CRFs in every sample. */
  probes: readonly Candidate[];
}

/**
 * What each resolution would come to over the whole title, at every CRF between those that were probed. Rates are interpolated in their
 * logarithm, which is nearly a line over the CRF.
 */
export function candidatesOf(samples: readonly ProbedSample[]): Candidate[] {
  const probes = average(samples);
  const sizes = new Map(probes.map((probe) => [sizeKey(probe), probe]));
  return [...sizes.values()].flatMap((size) =>
    interpolate(probes.filter((probe) => sizeKey(probe) === sizeKey(size))),
  );
}

function average(samples: readonly ProbedSample[]): Candidate[] {
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const keys = samples[0]?.probes ?? [];
  return keys.map((key) => {
    const mean = (read: (probe: Candidate) => number): number =>
      samples.reduce((sum, { weight, probes }) => {
        const same = probes.find((probe) => sizeKey(probe) === sizeKey(key) && probe.crf === key.crf);
        if (!same) throw new RangeError(`A sample was not probed at ${sizeKey(key)} with CRF ${key.crf}.`);
        return sum + (weight / total) * read(same);
      }, 0);
    return { ...key, kbps: mean(({ kbps }) => kbps), score: mean(({ score }) => score) };
  });
}

function interpolate(probes: readonly Candidate[]): Candidate[] {
  const [first] = probes;
  if (!first || probes.length === 1) return [...probes];
  const rate = monotoneCurve(probes.map(({ crf, kbps }) => ({ x: crf, y: Math.log2(kbps) })));
  const score = monotoneCurve(probes.map((probe) => ({ x: probe.crf, y: probe.score })));
  const steps = Math.floor((rate.to - rate.from) / crfStep + 1e-9);
  return Array.from({ length: steps + 1 }, (_, index) => {
    const crf = rate.from + index * crfStep;
    return { width: first.width, height: first.height, crf, kbps: 2 ** rate.at(crf), score: score.at(crf) };
  });
}

function sizeKey({ width, height }: PictureSize): string {
  return `${width}x${height}`;
}
