import { sheetName } from "../pictures/thumbnails.ts";

/** Where things lie in a package. Every name fits the contract's PackagePath and needs no escape in a URL. */
export const layout = {
  hls: "master.m3u8",
  dash: "manifest.mpd",
  report: "package.json",
  /** The best of the candidates. */
  poster: "poster.jpg",
  posterFolder: "posters",
  posterCandidate: (number: number): string => `posters/${number}.jpg`,
  thumbnails: "thumbnails/index.vtt",
  thumbnailFolder: "thumbnails",
  imagePlaylist: "thumbnails/tiles.m3u8",
  sheet: (number: number): string => `thumbnails/${sheetName(number)}`,
  init: (id: string): string => `${id}/init.mp4`,
  playlist: (id: string): string => `${id}/index.m3u8`,
  iframes: (id: string): string => `${id}/iframes.m3u8`,
};
