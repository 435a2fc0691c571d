import type { JsonFields } from "../../json-fields.ts";
import { printable } from "../../printable.ts";
import type { Column } from "../../table.ts";
import { durationText } from "../../wording.ts";
import { sizeOf } from "./package-facts.ts";

interface StageRow {
  stage: string;
  wallSeconds: number | undefined;
  cpuSeconds: number | undefined;
}

export const stageColumns: readonly Column<StageRow>[] = [
  { header: "STAGE", value: ({ stage }) => stage },
  { header: "TOOK", value: ({ wallSeconds }) => secondsText(wallSeconds), align: "right" },
  { header: "CPU", value: ({ cpuSeconds }) => secondsText(cpuSeconds), align: "right" },
];

/** Each stage that was timed, and all of them. */
export function stagesOf(fields: JsonFields): StageRow[] {
  const stages = fields.list("timings").map((timing) => ({
    stage: timing.text("stage") ?? "",
    wallSeconds: timing.number("wall_seconds"),
    cpuSeconds: timing.number("cpu_seconds"),
  }));
  const sum = (read: (stage: StageRow) => number | undefined) =>
    stages.reduce((total, stage) => total + (read(stage) ?? 0), 0);
  const total = {
    stage: "all",
    wallSeconds: sum((row) => row.wallSeconds),
    cpuSeconds: sum((row) => row.cpuSeconds),
  };
  return stages.length > 0 ? [...stages, total] : [];
}

function secondsText(seconds: number | undefined): string | undefined {
  return seconds !== undefined && seconds < 60 ? `${seconds.toFixed(1)}s` : durationText(seconds);
}

export const fileColumns: readonly Column<JsonFields>[] = [
  { header: "FILE", value: (file) => file.text("path") },
  { header: "SIZE", value: sizeOf, align: "right" },
  { header: "SHA-256", value: (file) => file.text("sha256") },
];

/** As it can be pasted into a shell. */
export function commandsText(fields: JsonFields): string {
  const quoted = (word: string) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  return fields
    .list("commands")
    .map(
      (command) =>
        `# ${printable(command.text("name") ?? "")}\n${printable(command.texts("argv").map(quoted).join(" "))}`,
    )
    .join("\n");
}
