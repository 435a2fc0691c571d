import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { components } from "@flix/openapi";
import { json, problem, smallFiles, startTestMedia, type TestMedia } from "../testing/media.ts";

type IngestJob = components["schemas"]["IngestJob"];

let test: TestMedia;
beforeAll(async () => {
  test = await startTestMedia();
});
afterAll(() => test.platform.close());

async function open(titleId?: string): Promise<IngestJob> {
  const body = {
    title_id: titleId ?? (await test.makeTitle()),
    worker: "encode-01",
    source_filename: "a.mp4",
  };
  return json(await test.publisher.post("/v1/ingest-jobs", { body }), 201);
}
const report = (id: string, body: object) => test.publisher.post(`/v1/ingest-jobs/${id}/report`, { body });
const cancel = (id: string) => test.publisher.post(`/v1/ingest-jobs/${id}/cancel`);
const read = async (id: string) => json<IngestJob>(await test.publisher.get(`/v1/ingest-jobs/${id}`));

describe("ingest jobs", () => {
  it("go from queued over running to succeeded, and never back", async () => {
    const titleId = await test.makeTitle();
    const job = await open(titleId);
    expect(job).toMatchObject({ state: "queued", progress: 0, worker: "encode-01", cancel_requested: false });
    json(
      await report(job.id, {
        state: "running",
        stage: "transcode",
        progress: 0.5,
        speed: 2,
        eta_seconds: 15,
      }),
    );
    const late = json<IngestJob>(await report(job.id, { state: "running", stage: "plan", progress: 0.1 }));
    expect(late).toMatchObject({ stage: "transcode", progress: 0.5, started_at: job.created_at });
    expect(problem(await report(job.id, { state: "succeeded" }))).toEqual([422, "ingest_report_incomplete"]);
    const { id: package_id } = await test.begin(titleId, smallFiles("job"));
    const done = json<IngestJob>(await report(job.id, { state: "succeeded", package_id }));
    expect(done).toMatchObject({ state: "succeeded", progress: 1, package_id });
    expect(done).not.toHaveProperty("eta_seconds");
    expect(problem(await report(job.id, { state: "running" }))).toEqual([409, "ingest_job_ended"]);
    expect(problem(await cancel(job.id))).toEqual([409, "ingest_job_ended"]);
  });

  it("tell who works on them, and why they wait, until they end", async () => {
    const { id } = await open();
    const workers = [
      { machine: "encode-01", slot: 1, task: "video", chunk: 7, attempt: 2, progress: 0.3, speed: 0.9 },
      { machine: "encode-02", slot: 4 },
    ];
    json(await report(id, { state: "running", workers }));
    expect(await read(id)).toMatchObject({ workers });
    const waiting_for = { reason: "queue", tasks_ahead: 12, since: "2026-11-22T09:30:00.000Z" };
    const waiting = json(await report(id, { state: "running", waiting_for }));
    expect(waiting).toMatchObject({ waiting_for });
    expect(waiting).not.toHaveProperty("workers");
    const unknown = { state: "running", waiting_for: { reason: "boredom" } };
    expect(problem(await report(id, unknown))).toEqual([400, "invalid_request"]);
    expect(json(await report(id, { state: "canceled" }))).not.toHaveProperty("waiting_for");
  });

  it("keep what failed, in words and as a code", async () => {
    const { id } = await open();
    expect(problem(await report(id, { state: "failed" }))).toEqual([422, "ingest_report_incomplete"]);
    const failure = { code: "no_video", message: "The file has no video stream. Choose another file." };
    expect(json(await report(id, { state: "failed", failure }))).toMatchObject({ state: "failed", failure });
  });

  it("take no package and no asset of another title", async () => {
    const { id } = await open();
    const { id: package_id } = await test.begin(await test.makeTitle(), smallFiles("foreign"));
    expect(problem(await report(id, { state: "running", package_id }))).toEqual([422, "package_not_found"]);
    const asset_id = "ast_00000000000000000000000000";
    expect(problem(await report(id, { state: "running", asset_id }))).toEqual([422, "asset_not_found"]);
    expect((await read(id)).state).toBe("queued");
  });

  it("are canceled at once while queued, and by their worker while running", async () => {
    const waiting = await open();
    expect(json(await cancel(waiting.id))).toMatchObject({ state: "canceled" });
    expect(json(await cancel(waiting.id))).toMatchObject({ state: "canceled" });
    const running = await open();
    json(await report(running.id, { state: "running" }));
    const asked = json<IngestJob>(await cancel(running.id));
    expect(asked).toMatchObject({ state: "running", cancel_requested: true });
    expect(json(await cancel(running.id))).toEqual(asked);
    expect(json(await report(running.id, { state: "running" }))).toMatchObject({ cancel_requested: true });
    expect(json(await report(running.id, { state: "canceled" }))).toMatchObject({ state: "canceled" });
  });

  it("fail when their worker is silent for two minutes, and not before", async () => {
    const [silent, talking, queued] = [await open(), await open(), await open()];
    for (const { id } of [silent, talking]) json(await report(id, { state: "running" }));
    test.platform.clock.advance(119_000);
    json(await report(talking.id, { state: "running" }));
    // Somebody who asks for the end of it is no sign of life.
    json(await cancel(silent.id));
    await test.platform.runJob("media.fail-lost-jobs");
    expect((await read(silent.id)).state).toBe("running");
    test.platform.clock.advance(1_000);
    await test.platform.runJob("media.fail-lost-jobs");
    expect(await read(silent.id)).toMatchObject({ state: "failed", failure: { code: "worker_lost" } });
    expect([(await read(talking.id)).state, (await read(queued.id)).state]).toEqual(["running", "queued"]);
    expect(problem(await report(silent.id, { state: "running" }))).toEqual([409, "ingest_job_ended"]);
  });

  it("are listed the newest first, by title and state, to the end", async () => {
    const titleId = await test.makeTitle();
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      test.platform.clock.advance(1_000);
      ids.unshift((await open(titleId)).id);
    }
    const url = `/v1/ingest-jobs?title_id=${titleId}&page_size=2`;
    const first = json<components["schemas"]["IngestJobList"]>(await test.publisher.get(url));
    const rest = json<components["schemas"]["IngestJobList"]>(
      await test.publisher.get(`${url}&cursor=${first.next_cursor}`),
    );
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
    expect(rest.next_cursor).toBeUndefined();
    expect(json<{ data: [] }>(await test.publisher.get(`${url}&state=failed`)).data).toEqual([]);
  });

  it("need a title of a film", async () => {
    const body = { title_id: "ttl_00000000000000000000000000", worker: "w" };
    expect(problem(await test.publisher.post("/v1/ingest-jobs", { body }))).toEqual([404, "title_not_found"]);
    expect(problem(await report("job_00000000000000000000000000", { state: "running" }))).toEqual([
      404,
      "not_found",
    ]);
  });
});
