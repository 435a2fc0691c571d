/** Classes that every WebVTT player knows by itself (WebVTT section 5.1): teletext's colours but black, which would not show. */
const colors = {
  white: 0xff_ffff,
  lime: 0x00_ff00,
  cyan: 0x00_ffff,
  red: 0xff_0000,
  yellow: 0xff_ff00,
  magenta: 0xff_00ff,
  blue: 0x00_00ff,
} as const;

/** SRT and TTML say `green` where they mean teletext's, which is `lime`; TTML has two names for two others. */
const synonyms: Readonly<Record<string, keyof typeof colors>> = {
  green: "lime",
  aqua: "cyan",
  fuchsia: "magenta",
};

/** Of `yellow`, `#ff0`, `#ffff00` or `#ffff00ff`; null for white, which text has by itself, and for a colour without a class. */
export function webVttColor(text: string): string | null {
  const word = text.toLowerCase();
  const known = Object.keys(colors).find((color) => color === (synonyms[word] ?? word));
  const color = known ?? nameOf(word);
  return color === undefined || color === "white" ? null : color;
}

function nameOf(text: string): string | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  const hex = short
    ? short
        .slice(1)
        .map((digit) => digit + digit)
        .join("")
    : /^#([0-9a-f]{6})(?:[0-9a-f]{2})?$/.exec(text)?.[1];
  if (hex === undefined) return undefined;
  const value = Number.parseInt(hex, 16);
  return Object.entries(colors).find(([, one]) => one === value)?.[0];
}
