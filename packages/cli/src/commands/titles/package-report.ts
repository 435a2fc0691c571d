import { jsonFields, type JsonFields } from "../../json-fields.ts";
import { printable } from "../../printable.ts";
import type { Package } from "../../resources.ts";
import { renderFields, renderTable, type Column, type Paper } from "../../table.ts";
import { timecodeText } from "../../wording.ts";
import { damageLines } from "./package-damage.ts";
import { facts, masterFields, packageFields, plainFields, protectionFields } from "./package-facts.ts";
import {
  droppedText,
  isJudged,
  qualityColumns,
  renditionColumns,
  renditionsOf,
  soundColumns,
} from "./package-renditions.ts";
import { commandsText, fileColumns, stageColumns, stagesOf } from "./package-work.ts";

interface ReportView {
  paper: Paper;
  commands: boolean;
  files: boolean;
}

/** The report in sections for a reader; those of which it says nothing, as an older one may not, are left out. */
export function describeReport(
  found: Package,
  report: unknown,
  { paper: page, commands, files }: ReportView,
): string {
  const fields = jsonFields(report);
  const width = page.width === undefined ? undefined : page.width - indent.length;
  const paper = { ...page, width };
  const renditions = renditionsOf(fields);
  const sections: [title: string, text: string][] = [
    ["Package", renderFields(packageFields(found, fields), paper)],
    ["Master", renderFields(masterFields(fields.object("source")), paper)],
    ["Damage", linesOf(damageLines(fields.object("damage")))],
    ["Renditions", tableOf(renditionColumns, renditions, paper)],
    ["VMAF", tableOf(qualityColumns, renditions.filter(isJudged), paper)],
    ["Left out", linesOf(fields.list("dropped_renditions").map(droppedText))],
    ["Sound", tableOf(soundColumns, fields.list("sound"), paper)],
    ["Protection", renderFields(protectionFields(fields.object("protection")), paper)],
    ["Stages", tableOf(stageColumns, stagesOf(fields), paper)],
    ["Markers proposed", linesOf(fields.list("proposed_markers").map(markerText))],
    ["Programs", renderFields(plainFields(fields.object("tools")), paper)],
    ["Commands", commands ? commandsText(fields) : ""],
    ["Files", files ? tableOf(fileColumns, fields.list("files"), paper) : ""],
    ["Warnings", linesOf(fields.list("warnings").map(warningText))],
  ];
  return sections
    .filter(([, text]) => text !== "")
    .map(([title, text]) => `${paper.bold(title)}\n${indented(text)}`)
    .join("\n\n");
}

function markerText(marker: JsonFields): string {
  const from = marker.number("start_seconds");
  const to = marker.number("end_seconds");
  const confidence = marker.number("confidence");
  const span = [from, to]
    .filter((at) => at !== undefined)
    .map(timecodeText)
    .join(" - ");
  return (
    facts(marker.text("kind"), span, confidence !== undefined && `confidence ${confidence.toFixed(2)}`) ?? ""
  );
}

function warningText(warning: JsonFields): string {
  return `${warning.text("message") ?? ""} [${warning.text("code") ?? ""}]`;
}

function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], paper: Paper): string {
  return rows.length > 0 ? renderTable(columns, rows, paper) : "";
}

function linesOf(lines: readonly string[]): string {
  return lines.map(printable).join("\n");
}

const indent = "  ";

function indented(text: string): string {
  return text.replaceAll(/^/gm, indent);
}
