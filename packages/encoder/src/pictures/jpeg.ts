/** ffmpeg's options of a JPEG, 2 the best and 31 the worst; the same picture gives the same bytes. */
export function jpeg(quality: string): string[] {
  return ["-c:v", "mjpeg", "-q:v", quality, "-flags:v", "+bitexact", "-fflags", "+bitexact"];
}
