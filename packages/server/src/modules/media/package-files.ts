import { createHash } from "node:crypto";
import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";
import { isPackagePath } from "./package-paths.ts";

type NewPackage = components["schemas"]["NewPackage"];
type PackageFile = components["schemas"]["PackageFile"];

/** Refuses a package whose files cannot stand side by side, or that lacks one that it names. */
export function checkPackage(draft: NewPackage): void {
  const paths = draft.files.map(({ path }) => path);
  const wrong = paths.find((path) => !isPackagePath(path));
  if (wrong !== undefined) throw notValid(`${JSON.stringify(wrong)} is not a path of a package.`);
  checkSideBySide(paths);
  const named = [draft.hls_path, draft.dash_path, draft.thumbnails_path, draft.poster_path];
  const known = new Set(paths);
  const missing = named.find((path) => path !== undefined && !known.has(path));
  if (missing !== undefined) throw notValid(`${missing} is not among the files.`);
  const tooLarge = draft.files.find(({ size_bytes }) => partsOf(size_bytes).part_count > mostParts);
  if (tooLarge)
    throw notValid(`${tooLarge.path} is larger than ${mostParts} parts of ${largestPartBytes} bytes.`);
  const ids = draft.renditions.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw notValid(`The rendition ${twice} is there twice.`);
  if (packageDigest(draft.files) !== draft.digest) throw new FlixError("package_digest_mismatch");
}

/** SHA-256 over what `sha256sum` prints of the files, in byte order of their paths. */
export function packageDigest(files: readonly Pick<PackageFile, "path" | "sha256">[]): string {
  const hash = createHash("sha256");
  // Paths are ASCII, where the order of JavaScript's strings is that of the bytes.
  for (const { path, sha256 } of files.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    hash.update(`${sha256}  ${path}\n`);
  }
  return hash.digest("hex");
}

/** The least that S3 joins (section "Multipart upload" of its API). A client holds several copies of a part. */
const usualPartBytes = 5 * 1024 * 1024;
const largestPartBytes = 16 * 1024 * 1024;
const mostParts = 100_000;

/** 5 MiB a part, and 16 MiB for files of more than 500 GB. */
export function partsOf(sizeBytes: number): { part_size_bytes: number; part_count: number } {
  const part_size_bytes = sizeBytes > usualPartBytes * mostParts ? largestPartBytes : usualPartBytes;
  return { part_size_bytes, part_count: Math.ceil(sizeBytes / part_size_bytes) };
}

/** All parts are as long but the last. */
export function partSize(
  upload: { size_bytes: number; part_size_bytes: number },
  partNumber: number,
): number {
  return Math.min(upload.part_size_bytes, upload.size_bytes - (partNumber - 1) * upload.part_size_bytes);
}

/** Each path once, whatever the file system makes of case, and none of them a folder of another. */
function checkSideBySide(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const folded = path.toLowerCase();
    if (seen.has(folded)) throw notValid(`${path} is there twice.`);
    seen.add(folded);
  }
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      if (seen.has(folder.toLowerCase())) throw notValid(`${folder} is a file and the folder of ${path}.`);
    }
  }
}

function notValid(detail: string): FlixError {
  return new FlixError("package_files_not_valid", { detail });
}
