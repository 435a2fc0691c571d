/** x264's names for how long an encoder may search; the other encoders are asked for as much. */
export const presets = [
  "ultrafast",
  "superfast",
  "veryfast",
  "faster",
  "fast",
  "medium",
  "slow",
  "slower",
] as const;
export type Preset = (typeof presets)[number];
