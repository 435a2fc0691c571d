import { cpuSeconds } from "./programs/cpu-time.ts";
import type { ProgressMeter, Stage } from "./progress.ts";
import type { StageTiming } from "./package/report.ts";

/** Runs the stages one after the other, tells the meter, and keeps what each took. */
export interface StageClock {
  run<T>(stage: Stage, work: (update: ProgressMeter["update"]) => Promise<T>): Promise<T>;
  timings: StageTiming[];
}

export function createStageClock(meter: ProgressMeter): StageClock {
  const timings: StageTiming[] = [];
  return {
    timings,
    async run(stage, work) {
      meter.enter(stage);
      const [startedMs, cpuBefore] = [performance.now(), cpuSeconds()];
      const result = await work(meter.update);
      const cpuAfter = cpuSeconds();
      timings.push({
        stage,
        wallSeconds: round((performance.now() - startedMs) / 1000),
        cpuSeconds: cpuBefore === null || cpuAfter === null ? null : round(cpuAfter - cpuBefore),
      });
      meter.finish();
      return result;
    },
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
