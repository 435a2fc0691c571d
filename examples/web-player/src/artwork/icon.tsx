/** Strokes on a grid of 24; `fill` marks the few that are solid. */
const paths = {
  home: "M4 11.5 12 5l8 6.5M6 10v9h12v-9",
  search: "M16.2 16.2 20.5 20.5M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z",
  bookmark: "M6.5 4h11v16L12 15.8 6.5 20z",
  person: "M5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
  play: "M7 4.5v15L19.5 12z",
  pause: "M8 5v14M16 5v14",
  plus: "M12 5v14M5 12h14",
  check: "m5 12.5 4.5 4.5L19 7.5",
  info: "M12 11v5.5M12 7.5v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  back: "M19 12H5.5M11.5 5.5 5 12l6.5 6.5",
  close: "M6 6l12 12M18 6 6 18",
  left: "M14.5 5.5 8 12l6.5 6.5",
  right: "M9.5 5.5 16 12l-6.5 6.5",
  up: "M7 11v9H3.5v-9H7Zm0 0 4-7.5c1.7 0 2.6 1.2 2.3 2.8L12.6 10h6c1.3 0 2.2 1.2 1.8 2.5l-1.8 6A2 2 0 0 1 16.7 20H7",
  down: "M17 13V4h3.5v9H17Zm0 0-4 7.5c-1.7 0-2.6-1.2-2.3-2.8l.7-3.7h-6c-1.3 0-2.2-1.2-1.8-2.5l1.8-6A2 2 0 0 1 7.3 4H17",
  heart: "M12 20S3.5 15 3.5 9.2A4.7 4.7 0 0 1 12 6.5a4.7 4.7 0 0 1 8.5 2.7C20.5 15 12 20 12 20Z",
  volume: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
  muted: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5",
  rewind: "M4.5 4.5v5h5M4.8 9.2A8 8 0 1 1 4 13",
  forward: "M19.5 4.5v5h-5M19.2 9.2A8 8 0 1 0 20 13",
  captions: "M3.5 5.5h17v13h-17zM7 11h3.5M7 14.5h6M13.5 11H17M15.5 14.5H17",
  audio: "M4 10v4M8 6.5v11M12 4v16M16 7.5v9M20 10v4",
  quality: "M4 7h9M17 7h3M13 5v4M4 12h3M11 12h9M7 10v4M4 17h11M19 17h1M15 15v4",
  fullscreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  window: "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
  pictureInPicture: "M3.5 5h17v14h-17zM12.5 12.5H17.5V16H12.5z",
  next: "M5 5v14l10-7zM19 5v14",
  edit: "M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5l-4.5 1Z",
} as const;

export type IconName = keyof typeof paths;

const solid = new Set<IconName>(["play"]);

/** Never alone: a label beside it, or on its button, says what it means. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="22"
      height="22"
      aria-hidden="true"
      fill={solid.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
