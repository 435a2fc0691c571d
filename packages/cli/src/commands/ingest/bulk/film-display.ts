import type { FilmProgress } from "./outcome.ts";

export interface Film {
  name: string;
  file: string;
  sizeBytes: number;
}

/** Shows on stderr where many films are. */
export interface BulkDisplay {
  update(index: number, progress: FilmProgress): void;
  /** A line that stays. */
  note(text: string): void;
  stop(): void;
}
