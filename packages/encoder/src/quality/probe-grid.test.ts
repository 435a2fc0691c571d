import { expect, test } from "vitest";
import { planVideo } from "../plan/plan-video.ts";
import { videoCodecs } from "../plan/video-codecs.ts";
import { probeRuns, probesOf } from "./probe-grid.ts";

const film = { framesPerSecond: 24, dynamicRange: "sdr" } as const;

test.each([
  [3840, 2160],
  [1920, 1080],
  [1080, 1920],
  [640, 360],
  [160, 90],
])(
  "a master of %ix%i is probed at two CRFs a size at least, from low to high, in runs that memory holds",
  (width, height) => {
    const { renditions } = planVideo({ ...film, shown: { width, height } }, { codecs: videoCodecs });
    for (const rungs of Map.groupBy(renditions, ({ codec }) => codec).values()) {
      const probes = probesOf(rungs);
      expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
      for (const ofSize of Map.groupBy(probes, (probe) => probe.width).values()) {
        const crfs = ofSize.map(({ crf }) => crf);
        expect(crfs.length).toBeGreaterThanOrEqual(2);
        expect(crfs).toEqual(crfs.toSorted((a, b) => a - b));
      }
      const pixels = (list: typeof rungs) => list.reduce((sum, one) => sum + one.width * one.height, 0);
      const runs = probeRuns(rungs);
      expect(runs.flat()).toEqual(probes);
      for (const run of runs) expect(pixels(run)).toBeLessThanOrEqual(pixels(rungs) * 1.5);
    }
  },
);

test("the best small picture is probed where it looks well too", () => {
  const { renditions } = planVideo({ ...film, shown: { width: 1920, height: 1080 } }, {});
  expect(
    probesOf(renditions)
      .filter(({ height }) => height === 432)
      .map(({ crf }) => crf),
  ).toEqual([22, 32, 42]);
});
