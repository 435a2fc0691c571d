import type { Plan } from "../plan/plan.ts";
import type { Programs } from "../programs/programs.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { type IndexedSource, indexedSource } from "../source/indexed-source.ts";
import { drawSubtitle } from "./draw-subtitle.ts";

interface FilmOptions {
  source: AdmittedSource;
  plan: Plan;
  programs: Programs;
  signal: AbortSignal | undefined;
}

/** All that encodes and comparisons read: the film, where every time is found, and the subtitle that is burned into it. */
export async function filmToEncode(
  { source, plan, programs, signal }: FilmOptions,
  folder: string,
): Promise<IndexedSource> {
  const { tolerateErrors } = plan;
  const ffmpeg = programs.ffmpeg.path;
  const indexed = await indexedSource({ ffmpeg, source, folder, tolerateErrors, signal });
  const burned = plan.burnedSubtitle;
  if (!burned) return indexed;
  return {
    ...indexed,
    subtitle: await drawSubtitle({ programs, source, burned, tolerateErrors, folder, signal }),
  };
}
