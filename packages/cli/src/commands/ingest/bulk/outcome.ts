import type { IngestResult } from "../result.ts";
import type { BulkEntry } from "./bulk-entry.ts";

/** What became of one film of many. */
export type Outcome =
  | { state: "ingested"; entry: BulkEntry; result: IngestResult }
  /** Without a result where it was enough that viewers have something to watch. */
  | { state: "unchanged"; entry: BulkEntry; result: IngestResult | undefined }
  | { state: "failed"; entry: BulkEntry; failure: Failure }
  /** The run ended before its turn, or while it was at it. */
  | { state: "left"; entry: BulkEntry };

export interface Failure {
  code: string;
  message: string;
  fix: string;
}

/** Where a film is, as a table of progress shows it. */
export interface FilmProgress {
  state: "waiting" | "running" | Outcome["state"];
  stage?: string | undefined;
  /** Of the film, 0 to 1. */
  fraction: number;
  /** Seconds of film in a second. */
  speed?: number | null | undefined;
  etaSeconds?: number | null | undefined;
  /** Why it failed. */
  note?: string | undefined;
}

/** `left` is a word of the code alone. */
export function stateText(state: FilmProgress["state"]): string {
  return state === "left" ? "not done" : state;
}
