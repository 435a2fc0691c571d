/** `https://...` or `s3://...` instead of a file: looked for when its turn comes. */
export function isAddress(master: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(master);
}

/** A master as it is told to people, and as it says what its film is called: an address without what grants access. */
export function shownMaster(master: string): string {
  if (!isAddress(master)) return master;
  const [, scheme = "", host = "", path = ""] =
    /^([^:]+:\/\/)(?:[^/@]*@)?([^/?#]*)([^?#]*)/.exec(master) ?? [];
  // Folders of a web address may be a grant too; those of a bucket are names.
  const name = /^s3:/i.test(scheme) ? path : `/${decoded(path.slice(path.lastIndexOf("/") + 1))}`;
  return `${scheme}${host}${name}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name).replaceAll("/", "_");
  } catch {
    return name;
  }
}
