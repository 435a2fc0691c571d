/**
 * Options before every `-i` that names a foreign file. Whitelisting protocols is not enough: a playlist named x.mp4 was seen to read
 * another file of the machine, so containers are whitelisted too. Names match one element of the demuxer's own list.
 */
const allowedContainers = "mov,mp4,matroska,webm,mpegts,mpeg,avi,mxf,asf,flv,ogg,yuv4mpegpipe";

export const maxPixels = 8192 * 4320;
export const maxStreams = 64;

export const inputGuards: readonly string[] = guardsFor(allowedContainers);

/** Sound alone also comes in files of its own kind. */
export const audioInputGuards: readonly string[] = guardsFor(
  `${allowedContainers},wav,w64,aiff,caf,flac,mp3,aac,ac3,eac3,dts`,
);

function guardsFor(containers: string): string[] {
  const options = `-protocol_whitelist file -format_whitelist ${containers} -max_pixels ${maxPixels} -max_streams 256`;
  return options.split(" ");
}

/** A file named `-y` is an option to ffmpeg, and one named `http:x` an address. */
export function inputUrl(absolutePath: string): string {
  return `file:${absolutePath}`;
}
