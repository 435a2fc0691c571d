import type { Job, JobRun } from "../../kernel/job.ts";
import type { MediaContext } from "./context.ts";
import { packagePrefix, packageStaging, uploadStaging } from "./package-paths.ts";
import { resealKeys } from "./reseal-keys.ts";
import { requestDeletions, takeDeletion } from "./store/deletions.ts";
import { failSilentJobs } from "./store/ingest-jobs.ts";
import { forgetMultiparts, forgetMultipartsOf, listMultiparts } from "./store/multiparts.ts";
import { changePackage, lockAbandonedPackages } from "./store/packages.ts";
import { forgetParts, forgetPartsOf, lockStaleUploads } from "./store/upload-parts.ts";
import { forgetStored } from "./store/uploads.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A worker reports every 15 seconds; eight reports missed are not a slow network. */
const silentMs = 2 * minuteMs;
const partsKeptMs = 2 * dayMs;
const uploadsKeptMs = 7 * dayMs;

export function mediaJobs(context: MediaContext): Job[] {
  const within =
    (work: (context: MediaContext, signal: AbortSignal) => Promise<void>) =>
    ({ units, signal }: JobRun) =>
      work({ ...context, units }, signal);
  return [
    { name: "media.fail-lost-jobs", everyMs: 15_000, run: within(failLostJobs) },
    { name: "media.delete-objects", everyMs: minuteMs, run: within(deleteObjects) },
    { name: "media.reseal-keys", everyMs: minuteMs, run: within(resealKeys) },
    { name: "media.drop-stale-parts", everyMs: 60 * minuteMs, run: within(dropParts) },
    { name: "media.sweep-store", everyMs: 60 * minuteMs, run: within(sweepStore) },
    { name: "media.fail-abandoned", everyMs: 60 * minuteMs, run: within(failAbandoned) },
  ];
}

async function failLostJobs(context: MediaContext): Promise<void> {
  const failure = {
    code: "worker_lost",
    message: "The worker was silent for two minutes. See whether it still runs, then ingest the file again.",
  };
  const since = before(context, silentMs);
  await context.units.write((unit) => failSilentJobs(unit, context, since, failure));
}

/** One request a transaction: its row is gone only when its objects are. */
async function deleteObjects(context: MediaContext, signal: AbortSignal): Promise<void> {
  await repeat(signal, () =>
    context.units.write(async (unit) => {
      const prefix = await takeDeletion(unit, context);
      if (prefix === undefined) return false;
      await context.objects.deleteUnder(prefix);
      return true;
    }),
  );
}

async function dropParts(context: MediaContext, signal: AbortSignal): Promise<void> {
  const since = before(context, partsKeptMs);
  await repeat(signal, () =>
    context.units.write(async (unit) => {
      const [upload] = await lockStaleUploads(unit, context, since, 1);
      if (!upload) return false;
      await context.objects.deleteUnder(uploadStaging(upload));
      await forgetParts(unit, context, upload.id);
      if (upload.stored_at === null) await forgetMultiparts(unit, context, [upload.id]);
      return true;
    }),
  );
}

/** What a process that was killed left of its writes. */
async function sweepStore(context: MediaContext): Promise<void> {
  const open = await listMultiparts(context.units.read(), context);
  await context.objects.sweep(before(context, dayMs), open);
}

/** The same package can still be begun again, from nothing. */
async function failAbandoned(context: MediaContext, signal: AbortSignal): Promise<void> {
  const since = before(context, uploadsKeptMs);
  await repeat(signal, () =>
    context.units.write(async (unit) => {
      const [row] = await lockAbandonedPackages(unit, context, since, 1);
      if (!row) return false;
      await forgetStored(unit, context, row.id);
      await forgetPartsOf(unit, context, row.id);
      await forgetMultipartsOf(unit, context, row.id);
      await changePackage(unit, context, row.id, { state: "failed" });
      await requestDeletions(unit, context, [packagePrefix(row), packageStaging(row.id)]);
      return true;
    }),
  );
}

async function repeat(signal: AbortSignal, step: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted && (await step()));
}

function before({ clock }: MediaContext, ms: number): Date {
  return new Date(clock.now().getTime() - ms);
}
