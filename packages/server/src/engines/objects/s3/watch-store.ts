import { watchForOutage, type OutageOptions } from "../../outage.ts";
import type { S3Location } from "../location.ts";
import { explain } from "./explain.ts";
import { faultOf } from "./faults.ts";

/** Hears how each request to the store ended. */
export interface StoreWatch {
  answered(): void;
  failed(error: unknown): void;
}

/** A store that is overloaded fails one request and answers the next: it is back when none has failed for so long. */
const quietMs = 1_000;

export function watchStore(log: OutageOptions["log"], location: S3Location): StoreWatch {
  let failedAtMs = Number.NEGATIVE_INFINITY;
  const outage = watchForOutage({
    log,
    level: "error",
    explain: (error) => explain(error, location),
    meanwhile: "Meanwhile what needs it is answered with 503.",
    back: "FLIX_OBJECTS: the store answers again",
  });
  return {
    answered() {
      if (performance.now() - failedAtMs > quietMs) outage.end();
    },
    failed(error) {
      const fault = faultOf(error);
      // One that is full serves what it has, and one object may be denied where others are not.
      if (fault === undefined || fault === "full" || fault === "access denied") return;
      failedAtMs = performance.now();
      outage.begin(error);
    },
  };
}
