const pattern = /^(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})$/;

/** `MM:SS.mmm` or `HH:MM:SS.mmm` in milliseconds; null for anything else. */
export function parseTime(text: string): number | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, hours = "0", minutes, seconds, fraction] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction);
}

export function formatTime(timeMs: number): string {
  const pad = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, "0");
  const seconds = timeMs / 1000;
  return `${pad(seconds / 3600)}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(timeMs % 1000, 3)}`;
}
