import type { IngestJob } from "../../resources.ts";

type Wait = NonNullable<IngestJob["waiting_for"]>;

/** Why nothing of a job is being done; a newer platform may know other reasons. */
export function waitText({ reason, tasks_ahead: ahead }: Wait): string {
  if (reason === "queue" && ahead !== undefined) return `${ahead} tasks of other jobs come first`;
  return reasons[reason] ?? reason;
}

const reasons: Readonly<Record<string, string>> = {
  worker: "no worker is connected to the queue; start one with `flix worker`",
  queue: "tasks of other jobs come first",
  memory: "there is too little memory free",
  disk: "there is too little room on the disk",
  source: "the master cannot be read at the moment",
  platform: "the platform does not answer at the moment",
};
