import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyReport, type ReportedJob } from "./ingest-report.ts";

const at = new Date("2026-11-22T12:00:00.000Z");
const queued: ReportedJob = {
  state: "queued",
  stage: null,
  progress: 0,
  speed: null,
  eta_seconds: null,
  workers: null,
  waiting_for: null,
  asset_id: null,
  package_id: null,
  failure: null,
  started_at: null,
  ended_at: null,
};
const stages = [
  "fetch",
  "probe",
  "admit",
  "plan",
  "analyse",
  "transcode",
  "measure",
  "package",
  "verify",
  "upload",
  "publish",
] as const;

describe("applyReport", () => {
  it("starts a job with its first report and ends it with its last", () => {
    const running = applyReport(queued, { state: "running", stage: "probe", speed: 2 }, at);
    expect(running).toMatchObject({ state: "running", started_at: at, ended_at: null, speed: 2 });
    const later = new Date(at.getTime() + 1_000);
    const ended = applyReport(running, { state: "succeeded", package_id: "pkg_1" }, later);
    expect(ended).toMatchObject({
      progress: 1,
      started_at: at,
      ended_at: later,
      speed: null,
      eta_seconds: null,
    });
  });

  it("wants a failure with failed and a package with succeeded", () => {
    const incomplete = expect.objectContaining({ code: "ingest_report_incomplete" });
    expect(() => applyReport(queued, { state: "failed" }, at)).toThrow(incomplete);
    expect(() => applyReport(queued, { state: "succeeded" }, at)).toThrow(incomplete);
    const named = applyReport(queued, { state: "running", package_id: "pkg_1" }, at);
    expect(applyReport(named, { state: "succeeded" }, at).package_id).toBe("pkg_1");
  });

  it("knows who works and what is waited for as the latest report says, and of no job that has ended", () => {
    const workers = [{ machine: "encode-02", slot: 1, task: "video", chunk: 3 }];
    const working = applyReport(queued, { state: "running", workers }, at);
    expect(working).toMatchObject({ workers, waiting_for: null });
    const waiting = applyReport(working, { state: "running", waiting_for: { reason: "worker" } }, at);
    expect(waiting).toMatchObject({ workers: null, waiting_for: { reason: "worker" } });
    const failure = { code: "stalled", message: "It stood still." };
    const ended = applyReport(waiting, { state: "failed", failure, workers }, at);
    expect(ended).toMatchObject({ workers: null, waiting_for: null });
  });

  it("takes nothing after the end", () => {
    for (const state of ["succeeded", "failed", "canceled"] as const) {
      expect(() => applyReport({ ...queued, state }, { state: "running" }, at)).toThrow(
        expect.objectContaining({ code: "ingest_job_ended" }),
      );
    }
  });

  it("never goes back, in whatever order reports arrive", () => {
    const report = fc.record(
      {
        state: fc.constant("running" as const),
        stage: fc.constantFrom(...stages),
        progress: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      { requiredKeys: ["state"] },
    );
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        let job = queued;
        for (const next of reports) {
          const after = applyReport(job, next, at);
          expect(after.progress).toBeGreaterThanOrEqual(job.progress);
          expect(after.progress).toBeGreaterThanOrEqual(next.progress ?? 0);
          if (job.stage)
            expect(stages.indexOf(after.stage ?? "probe")).toBeGreaterThanOrEqual(stages.indexOf(job.stage));
          job = after;
        }
      }),
    );
  });
});
