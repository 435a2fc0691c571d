import type { Host } from "../../../host.ts";
import { printable } from "../../../printable.ts";
import { durationText } from "../../../wording.ts";
import type { BulkDisplay, Film } from "./film-display.ts";
import { showLiveTable } from "./live-table.ts";
import { type FilmProgress, stateText } from "./outcome.ts";
import { createTally } from "./tally.ts";

/** One live table on a terminal, lines at changes elsewhere, with `--json` one event a line (NDJSON). */
export function showBulk(
  host: Pick<Host, "stderr" | "now" | "env">,
  films: readonly Film[],
  json: boolean,
): BulkDisplay {
  if (json) return showEvents(host, films);
  if (host.stderr.isTTY && !host.env["CI"]) return showLiveTable(host, films);
  return showLines(host, films);
}

/** A machine that reads events gets a film's progress about once a second. */
const eventEveryMs = 1_000;

function showEvents({ stderr, now }: Pick<Host, "stderr" | "now">, films: readonly Film[]): BulkDisplay {
  const last = new Map<number, { key: string; atMs: number }>();
  return {
    update(index, { state, stage, fraction, speed, etaSeconds, note }) {
      const key = `${state} ${stage ?? ""}`;
      const before = last.get(index);
      if (before?.key === key && now() - before.atMs < eventEveryMs) return;
      last.set(index, { key, atMs: now() });
      const { name, file } = films[index] ?? { name: "", file: "" };
      const event = {
        event: "progress",
        title: name,
        file,
        state: stateText(state).replace(" ", "_"),
        ...(stage !== undefined && { stage }),
        progress: Math.round(fraction * 1e4) / 1e4,
        ...(typeof speed === "number" && { speed: Math.round(speed * 100) / 100 }),
        ...(typeof etaSeconds === "number" && { eta_seconds: Math.round(etaSeconds) }),
        ...(note !== undefined && { code: note }),
      };
      stderr.write(`${JSON.stringify(event)}\n`);
    },
    note() {},
    stop() {},
  };
}

/** What takes its time; ten lines a film would hide those that matter. */
const loggedStages: readonly (string | undefined)[] = ["transcode", "upload"];

/** A log gets a line where a film begins, enters a long stage or ends, and with the end where all of them are. */
function showLines({ stderr, now }: Pick<Host, "stderr" | "now">, films: readonly Film[]): BulkDisplay {
  const tally = createTally(
    films.map(({ sizeBytes }) => sizeBytes),
    now(),
  );
  const write = (text: string) => stderr.write(`${text}\n`);
  return {
    update(index, progress) {
      const before = tally.at(index);
      tally.update(index, progress);
      if (before.state === progress.state && before.stage === progress.stage) return;
      const name = printable(films[index]?.name ?? "");
      if (progress.state === "waiting") return;
      if (progress.state === "running") {
        const isNews = before.state !== "running" || loggedStages.includes(progress.stage);
        if (isNews) write(`${name}: ${runningText(progress)}`);
        return;
      }
      const why = progress.note === undefined ? "" : ` [${progress.note}]`;
      write(`${name}: ${stateText(progress.state)}${why} (${tally.text(now())})`);
    },
    note: (text) => void write(printable(text)),
    stop() {},
  };
}

function runningText({ stage, fraction, etaSeconds }: FilmProgress): string {
  const facts = [stage ?? "starts", `${Math.floor(fraction * 100)}%`];
  const left = durationText(etaSeconds ?? undefined);
  if (left !== undefined) facts.push(`${left} left`);
  return facts.join(", ");
}
