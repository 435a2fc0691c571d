import { listPackages, type Output, pages } from "@flix/sdk";
import { explainUpload, type UploadTarget } from "./upload.ts";

export type CurrentPackage = Output<"listPackages">["data"][number];

/** What the title plays. */
export async function findCurrentPackage(target: UploadTarget): Promise<CurrentPackage | undefined> {
  const { client, titleId, signal } = target;
  const query = { title_id: titleId, state: "ready", page_size: 100 } as const;
  try {
    for await (const found of pages(client, listPackages, query, signal ? { signal } : {})) {
      if (found.current) return found;
    }
    return undefined;
  } catch (error) {
    throw explainUpload(error, signal);
  }
}
