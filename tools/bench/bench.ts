export interface Bench {
  question: string;
  run(): Promise<Figure[]>;
}

export interface Figure {
  label: string;
  value: string;
  goal: string;
  met: boolean;
  /** What it is a ratio to, with its own figure. */
  anchor: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}
