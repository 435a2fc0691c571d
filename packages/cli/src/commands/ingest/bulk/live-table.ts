import { styleText } from "node:util";
import { cutToCells } from "../../../cells.ts";
import type { Host } from "../../../host.ts";
import { openLiveRegion } from "../../../live-region.ts";
import { renderTable, type Column } from "../../../table.ts";
import { durationText } from "../../../wording.ts";
import type { BulkDisplay, Film } from "./film-display.ts";
import { type FilmProgress, stateText } from "./outcome.ts";
import { createTally, type Tally } from "./tally.ts";

/** Faster than this nobody reads. */
const redrawEveryMs = 100;
/** The header, the total, and the line that the cursor is on. */
const otherLines = 3;

/**
 * A row a film and a line of all together, drawn over and over in the same place and never taller than the terminal: where there are more
 * films than rows, those that run are shown, then what failed, then what comes next.
 */
export function showLiveTable(
  { stderr, now }: Pick<Host, "stderr" | "now">,
  films: readonly Film[],
): BulkDisplay {
  const tally = createTally(
    films.map(({ sizeBytes }) => sizeBytes),
    now(),
  );
  const region = openLiveRegion(stderr);
  let drawnMs = -Infinity;
  const draw = () => {
    region.draw(linesOf(films, tally, { now, width: (stderr.columns || 80) - 1, height: stderr.rows || 24 }));
    drawnMs = now();
  };
  draw();
  return {
    update(index, progress) {
      const changed = tally.at(index).state !== progress.state;
      tally.update(index, progress);
      if (changed || now() - drawnMs >= redrawEveryMs) draw();
    },
    note: region.note,
    stop: region.erase,
  };
}

interface Screen {
  now: () => number;
  width: number;
  height: number;
}

interface Row extends FilmProgress {
  name: string;
}

function linesOf(films: readonly Film[], tally: Tally, { now, width, height }: Screen): string[] {
  const shown = chooseRows(films.length, tally, Math.max(1, height - otherLines));
  const rows = shown.map((index): Row => ({ name: films[index]?.name ?? "", ...tally.at(index) }));
  const bold = (text: string) => styleText("bold", text, { stream: process.stderr });
  const columns = width < narrowWidth ? narrowColumns : allColumns;
  const table = renderTable(columns, rows, { width, bold }).split("\n");
  return [...table, cutToCells(tally.text(now()), width)];
}

/** In the order of the list, however they were chosen. */
export function chooseRows(count: number, tally: Pick<Tally, "at">, room: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  if (count <= room) return all;
  const inState = (...states: FilmProgress["state"][]) =>
    all.filter((index) => states.includes(tally.at(index).state));
  const byInterest = [
    ...inState("running"),
    ...inState("failed").toReversed(),
    ...inState("waiting"),
    ...inState("ingested", "unchanged", "left").toReversed(),
  ];
  return byInterest.slice(0, room).toSorted((a, b) => a - b);
}

const narrowWidth = 56;
const allColumns: readonly Column<Row>[] = [
  { header: "TITLE", value: ({ name }) => name, flexible: true },
  { header: "STAGE", value: stageOf },
  { header: "DONE", value: percentOf, align: "right" },
  { header: "SPEED", value: ({ speed }) => (speed ? `${speed.toFixed(1)}x` : undefined), align: "right" },
  { header: "LEFT", value: ({ etaSeconds }) => durationText(etaSeconds ?? undefined), align: "right" },
];
const narrowColumns = allColumns.filter(({ header }) => header === "TITLE" || header === "DONE");

function stageOf({ state, stage, note }: Row): string {
  if (state === "running") return stage ?? "starts";
  return state === "failed" ? (note ?? state) : stateText(state);
}

function percentOf({ state, fraction }: Row): string | undefined {
  return state === "running" ? `${Math.floor(fraction * 100)}%` : undefined;
}
