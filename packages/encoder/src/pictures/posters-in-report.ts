import { jsonFields } from "../json-fields.ts";

/** A frame of the film that can serve as its poster, as a package's report tells of it; the best first. */
export interface ReportedPoster {
  /** In the package. */
  path: string;
  sha256: string | undefined;
  atSeconds: number;
  score: number;
  sharpness: number;
  exposure: number;
  contrast: number;
  colourfulness: number;
}

/** Reads them from a report as it comes from the platform; none from an encoder of before. */
export function postersInReport(report: unknown): ReportedPoster[] {
  const fields = jsonFields(report);
  const digests = new Map(fields.list("files").map((file) => [file.text("path"), file.text("sha256")]));
  return fields.list("posters").flatMap((poster) => {
    const path = poster.text("path");
    if (path === undefined) return [];
    const quality = poster.object("quality");
    return [
      {
        path,
        sha256: digests.get(path),
        atSeconds: poster.number("at_seconds") ?? 0,
        score: quality.number("score") ?? 0,
        sharpness: quality.number("sharpness") ?? 0,
        exposure: quality.number("exposure") ?? 0,
        contrast: quality.number("contrast") ?? 0,
        colourfulness: quality.number("colourfulness") ?? 0,
      },
    ];
  });
}
