import { prerollSeconds } from "../video/read-film.ts";

/** A picture of the master that needs no other, and how much it differs from the one before it: 0 to 100. */
export interface KeyPicture {
  seconds: number;
  change: number;
}

/** A stretch of the title that stands for more of it. */
export interface Sample {
  firstFrame: number;
  frames: number;
  /** The share of the title that it stands for; those of all samples add up to 1. */
  weight: number;
}

interface Title {
  /** Of the renditions. */
  framesPerSecond: number;
  expectedFrames: number;
  keyPictures: readonly KeyPicture[];
}

/** Key pictures that differ by more are of different scenes: cuts gave 23 to 30, and two seconds of one scene under 10. */
const sceneChange = 15;

/**
 * Cuts the title into stretches of one length and takes a sample of each: shortly after a scene's beginning, as near to the stretch's middle as
 * there is one. Each stands for the time that is nearer to it than to any other. Deterministic; samples do not overlap.
 */
export function chooseSamples(title: Title, count: number, frames: number): Sample[] {
  const { expectedFrames } = title;
  const stretch = expectedFrames / count;
  const firsts = Array.from({ length: count }, (_, index) => {
    const [from, to] = [Math.ceil(index * stretch), Math.floor((index + 1) * stretch) - frames];
    return Math.max(from, startWithin(title, from, to) ?? Math.round((from + to) / 2));
  });
  const middles = firsts.map((first) => first + frames / 2);
  return firsts.map((firstFrame, index) => {
    const [before, own = 0, after] = [middles[index - 1], middles[index], middles[index + 1]];
    const from = before === undefined ? 0 : (before + own) / 2;
    const to = after === undefined ? expectedFrames : (own + after) / 2;
    return { firstFrame, frames, weight: (to - from) / expectedFrames };
  });
}

/** Of the scene that begins nearest to the middle, else from any key picture on; so far behind it that decoding begins with it, not with the one before. */
function startWithin({ framesPerSecond, keyPictures }: Title, from: number, to: number): number | undefined {
  const within = keyPictures
    .map(({ seconds, change }) => ({
      frame: Math.ceil((seconds + prerollSeconds) * framesPerSecond) + 1,
      change,
    }))
    .filter(({ frame }) => frame >= from && frame <= to);
  const scenes = within.filter(({ change }) => change >= sceneChange);
  const middle = (from + to) / 2;
  return (scenes.length > 0 ? scenes : within)
    .map(({ frame }) => frame)
    .toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b)[0];
}
