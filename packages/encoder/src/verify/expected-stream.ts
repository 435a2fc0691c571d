import type { AudioRendition } from "../audio/plan-audio.ts";
import type { JsonFields } from "../json-fields.ts";
import type { VideoRendition } from "../plan/video-rendition.ts";
import { colorOfRendition } from "../video/color-filters.ts";

/** What ffprobe is asked of a rendition's stream. */
export const shownOfStream = [
  "codec_name,width,height,channels,pix_fmt",
  "color_range,color_space,color_transfer,color_primaries",
].join(",");

/** Whether a rendition decodes to what was planned. */
export function isAsPlanned(
  rendition: VideoRendition | AudioRendition,
  stream: JsonFields | undefined,
): boolean {
  if (stream?.text("codec_name") !== rendition.codec) return false;
  if (!("width" in rendition)) return stream.number("channels") === rendition.channels;
  return (
    stream.number("width") === rendition.width &&
    stream.number("height") === rendition.height &&
    hasItsColors(rendition, stream)
  );
}

/** A player that is not told shows HDR grey, and SDR of a small picture in the colours of old television. */
function hasItsColors({ dynamicRange }: VideoRendition, stream: JsonFields): boolean {
  const { primaries, transfer, matrix, format } = colorOfRendition(dynamicRange);
  const told = ["color_primaries", "color_transfer", "color_space"].map((name) => stream.text(name));
  return (
    (stream.text("pix_fmt") ?? "").replace(/le$/, "") === format &&
    stream.text("color_range") === "tv" &&
    told.join() === [primaries, transfer, matrix].join()
  );
}
