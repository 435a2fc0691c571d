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

/** What a benchmark needs and this machine lacks. */
export class BenchMissing extends Error {}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}

/** Between which values a median lies: how far it can be trusted. */
export function spread(values: readonly number[], digits = 2): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${values.length} rounds of ${low.toFixed(digits)} to ${high.toFixed(digits)}`;
}
