import type { Warning } from "../errors.ts";
import { type FrameRate, fps } from "../plan/frame-rate.ts";
import { hasBaseLayer } from "./dolby-vision.ts";
import { swapsSides } from "./orientation.ts";
import type { VideoStream } from "./video-stream.ts";

/** What is unusual about the master's pictures, and what is done about it: a line each. */
export function pictureWarnings(video: VideoStream, frameRate: FrameRate): Warning[] {
  const warnings: (Warning | false)[] = [
    ...timeWarnings(video, frameRate),
    video.fields !== null && {
      code: "interlaced",
      message: "The master is interlaced; it is deinterlaced (bwdif).",
    },
    ...shapeWarnings(video),
    ...lightWarnings(video),
  ];
  return warnings.filter((warning) => warning !== false);
}

function timeWarnings(video: VideoStream, frameRate: FrameRate): (Warning | false)[] {
  const [average, output] = [fps(video.averageFrameRate), fps(frameRate)];
  return [
    video.variableFrameRate && {
      code: "variable_frame_rate",
      message: `Frames come at uneven times; the renditions get a constant ${output.toFixed(3)} frames a second.`,
    },
    !video.variableFrameRate &&
      average > output * 1.5 && {
        code: "frame_rate_halved",
        message: `${average.toFixed(2)} frames a second are brought to ${output.toFixed(2)}.`,
      },
  ];
}

function shapeWarnings(video: VideoStream): (Warning | false)[] {
  const { width, height, displayWidth, displayHeight, orientation } = video;
  const upright = swapsSides(orientation) ? [displayHeight, displayWidth] : [displayWidth, displayHeight];
  const isSquare = upright[0] === width && upright[1] === height;
  return [
    orientation !== "upright" && {
      code: "turned",
      message: `The file says that its picture is to be shown ${orientation}; it is turned so.`,
    },
    !isSquare && {
      code: "pixels_not_square",
      message: `Its pixels are not square: ${width}x${height} is shown as ${upright.join("x")}.`,
    },
    isSquare &&
      (width % 2 > 0 || height % 2 > 0) && {
        code: "odd_size_cropped",
        message: `The picture is ${width}x${height}; a side that is odd loses its last pixel.`,
      },
    video.hasAlpha && {
      code: "alpha_flattened",
      message: "The picture can be transparent; what is behind it is black.",
    },
  ];
}

function lightWarnings({ color, dynamicRange, dolbyVision }: VideoStream): (Warning | false)[] {
  const isWide = color.primaries !== "bt709";
  return [
    dynamicRange !== "sdr" && {
      code: "tone_mapped",
      message: `The master is HDR (${dynamicRange.toUpperCase()}); its SDR renditions are tone-mapped.`,
    },
    dolbyVision !== null &&
      hasBaseLayer(dolbyVision) && {
        code: "dolby_vision_base_layer",
        message: `The master is Dolby Vision of profile ${dolbyVision.profile}; its base layer is used, without the rest.`,
      },
    dynamicRange === "sdr" &&
      isWide && {
        code: "color_converted",
        message: `The master's colours (${color.primaries}) are converted to BT.709.`,
      },
  ];
}
