/** What the packager reads of a rendition: a name that its command line can carry. */
export function renditionFile(id: string): string {
  return `${id}.mp4`;
}

export function textFile(id: string): string {
  return `${id}.vtt`;
}
