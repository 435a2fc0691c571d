/**
 * Whether a path may name a file of a package. Only letters, digits, dot, dash and underscore: nothing that another
 * program could take for a parent, a drive, an escape or a query, and no part that begins with a dot.
 */
export function isPackagePath(path: string): boolean {
  return path.length <= longestPath && pathPattern.test(path) && path.split("/").every(fitsName);
}

/** The prefix of a package's objects; a title's packages stand side by side, so that a new one never touches the old. */
export function packagePrefix({ title_id, digest }: { title_id: string; digest: string }): string {
  return `titles/${title_id}/${digest}`;
}

/** The object of a file; the last wall before the store, whatever was checked before. */
export function fileKey(owner: { title_id: string; digest: string }, path: string): string {
  if (!isPackagePath(path)) throw new Error(`${JSON.stringify(path)} is not a path of a package`);
  return `${packagePrefix(owner)}/${path}`;
}

/** Parts wait here; each has its digest in its name, so that a part that is sent twice never changes under a reader. */
export function partKey(upload: { id: string; package_id: string }, part: number, sha256: string): string {
  return `${uploadStaging(upload)}/${part}-${sha256}`;
}

export function uploadStaging({ id, package_id }: { id: string; package_id: string }): string {
  return `${packageStaging(package_id)}/${id}`;
}

export function packageStaging(packageId: string): string {
  return `staging/${packageId}`;
}

const longestPath = 512;
const pathPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** File systems take names of 255 bytes; the characters above have one each. */
function fitsName(part: string): boolean {
  return part.length <= 255;
}
