import { fps } from "./plan/frame-rate.ts";
import type { MarkerProposal } from "./markers/credits.ts";
import { proposeMarkers } from "./markers/propose-markers.ts";
import { writePictures } from "./pictures/pictures.ts";
import type { PosterCandidate } from "./pictures/stills.ts";
import type { Prepared } from "./prepare.ts";
import type { WorkFolder } from "./work/work-folder.ts";

/** What there is to see in the film: pictures for seeking and posters, and where the credits may begin. */
export interface Sights {
  posters: PosterCandidate[];
  thumbnailCount: number;
  proposedMarkers: MarkerProposal[];
}

/** Films begin with a moment of black; more of it is a leader that was left in. */
const blackStartFrom = 3;

/** Looks at the finished renditions, not at the master, which may take a hundred times as long to decode. */
export async function look(
  { plan, programs, signal, warnings }: Prepared,
  { renditions, package: packageFolder }: WorkFolder,
): Promise<Sights> {
  const options = { ffmpeg: programs.ffmpeg.path, plan, renditionFolder: renditions, signal };
  const { posters, thumbnailCount } = await writePictures({ ...options, packageFolder });
  const fault = posters[0]?.quality.fault;
  if (fault) {
    const message = `No picture of the film makes a good poster; the best is ${fault}.`;
    warnings.push({ code: "poster_flat", message });
  }
  const { proposals, blackStartSeconds } = await proposeMarkers(
    options,
    plan.expectedFrames / fps(plan.frameRate),
  );
  if (blackStartSeconds >= blackStartFrom) {
    const message = `The film begins with ${blackStartSeconds.toFixed(1)} s of black; is a leader left in?`;
    warnings.push({ code: "begins_black", message });
  }
  return { posters, thumbnailCount, proposedMarkers: proposals };
}
