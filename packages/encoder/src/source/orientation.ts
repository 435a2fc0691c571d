import type { JsonFields } from "../json-fields.ts";

/** How a picture is to be turned or mirrored to be shown: the eight ways of putting a rectangle on its sides. */
export type Orientation =
  | "upright"
  | "clockwise"
  | "upside-down"
  | "counterclockwise"
  | "mirrored"
  | "mirrored-upside-down"
  | "transposed"
  | "transposed-upside-down";

/** Whether width and height change places. */
export function swapsSides(orientation: Orientation): boolean {
  return ["clockwise", "counterclockwise", "transposed", "transposed-upside-down"].includes(orientation);
}

/**
 * From the display matrix of the track (ISO/IEC 14496-12, 6.2.2: x' = ax + cy, y' = bx + dy, y grows downwards), or, in old files, from a
 * `rotate` tag. Other angles are taken for the nearest quarter.
 */
export function orientationOf(stream: JsonFields): Orientation {
  const matrix = stream
    .list("side_data_list")
    .map((data) => data.text("displaymatrix"))
    .find((text) => text !== undefined);
  if (matrix !== undefined) return fromMatrix(matrix);
  const turns = Math.round((stream.object("tags").number("rotate") ?? 0) / 90);
  return (
    (["upright", "clockwise", "upside-down", "counterclockwise"] as const)[((turns % 4) + 4) % 4] ?? "upright"
  );
}

/** Three lines such as `00000000:            0       65536           0`. */
function fromMatrix(text: string): Orientation {
  const rows = [...text.matchAll(/^\s*[0-9a-f]{8}:\s*(-?\d+)\s+(-?\d+)\s+-?\d+/gim)];
  const [a = 1, b = 0, c = 0, d = 1] = rows.slice(0, 2).flatMap(([, x, y]) => [Number(x), Number(y)]);
  if (Math.abs(a) + Math.abs(d) >= Math.abs(b) + Math.abs(c)) {
    if (a < 0) return d < 0 ? "upside-down" : "mirrored";
    return d < 0 ? "mirrored-upside-down" : "upright";
  }
  if (b > 0) return c < 0 ? "clockwise" : "transposed";
  return c > 0 ? "counterclockwise" : "transposed-upside-down";
}
