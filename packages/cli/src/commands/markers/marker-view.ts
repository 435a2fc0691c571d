import type { SourcedMarker } from "@flix/encoder";
import type { Output } from "@flix/sdk";
import type { Column } from "../../table.ts";
import { timecodeText } from "../../wording.ts";

export type Marker = Output<"getTitleMarkers">["markers"][number];

/** A marker, or what an encoder takes for one. */
export type MarkerLine = Pick<Marker, "kind" | "start_seconds" | "end_seconds"> & {
  /** Who says so. */
  source: string;
};

export const markerColumns: readonly Column<MarkerLine>[] = [
  { header: "KIND", value: ({ kind }) => kind },
  { header: "FROM", value: ({ start_seconds: start }) => timecodeText(start), align: "right" },
  {
    header: "TO",
    value: ({ end_seconds: end }) => (end === undefined ? "the end" : timecodeText(end)),
    align: "right",
  },
  { header: "BY", value: ({ source }) => source },
];

/** As the contract writes it. */
export function markerOf<Facts extends Omit<SourcedMarker, "source">>(marker: Facts) {
  const { startSeconds, endSeconds, ...rest } = marker;
  return {
    ...rest,
    start_seconds: startSeconds,
    ...(endSeconds === undefined ? {} : { end_seconds: endSeconds }),
  };
}
