import type { Host } from "./host.ts";
import { durationText } from "./wording.ts";

/** Where long work stands. */
export interface WorkProgress {
  stage: string;
  /** Of the whole, 0 to 1. */
  fraction: number;
  /** Seconds of film in a second. */
  speed?: number | null | undefined;
  etaSeconds?: number | null | undefined;
  /** What a machine that reads events gets beside these. */
  facts?: Readonly<Record<string, unknown>>;
}

export interface ProgressDisplay {
  update(progress: WorkProgress): void;
  stop(): void;
}

/** A log gets a line at each stage and every few seconds; a machine that reads events gets more. */
const lineEveryMs = 5_000;
const eventEveryMs = 1_000;

/** On stderr: one live line on a terminal, plain lines elsewhere, with `--json` one event a line (NDJSON). */
export async function showProgress(
  host: Pick<Host, "stderr" | "now">,
  json: boolean,
): Promise<ProgressDisplay> {
  const { stderr } = host;
  if (json)
    return paced(host, eventEveryMs, (progress) => stderr.write(`${JSON.stringify(eventOf(progress))}\n`));
  if (!stderr.isTTY) return paced(host, lineEveryMs, (progress) => stderr.write(`${lineOf(progress)}\n`));
  const { default: ora } = await import("ora");
  // SIGINT stays ours: the signal reaches the work, which ends the spinner.
  const spinner = ora({ stream: stderr, discardStdin: false }).start();
  return {
    update: (progress) => {
      spinner.text = lineOf(progress);
    },
    stop: () => {
      spinner.stop();
    },
  };
}

function paced(
  { now }: Pick<Host, "now">,
  everyMs: number,
  write: (progress: WorkProgress) => void,
): ProgressDisplay {
  let last: { stage: string; atMs: number } | undefined;
  return {
    update(progress) {
      if (last?.stage === progress.stage && now() - last.atMs < everyMs) return;
      last = { stage: progress.stage, atMs: now() };
      write(progress);
    },
    stop() {},
  };
}

function lineOf({ stage, fraction, speed, etaSeconds }: WorkProgress): string {
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const facts = [`${stage.padEnd("transcode".length)} ${percent}`];
  if (speed) facts.push(`${speed.toFixed(1)}x`);
  if (typeof etaSeconds === "number") facts.push(`${durationText(etaSeconds)} left`);
  return facts.join("  ");
}

function eventOf({ stage, fraction, speed, etaSeconds, facts }: WorkProgress) {
  return {
    event: "progress",
    stage,
    progress: Math.round(fraction * 1e4) / 1e4,
    ...(typeof speed === "number" && { speed: Math.round(speed * 100) / 100 }),
    ...(typeof etaSeconds === "number" && { eta_seconds: Math.round(etaSeconds) }),
    ...facts,
  };
}
