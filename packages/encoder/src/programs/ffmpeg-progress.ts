export interface FfmpegProgress {
  /** Frames of the first video output. */
  frames: number;
  outTimeSeconds: number;
}

/**
 * Reads `-progress pipe:1`: key=value lines, a block ends with `progress=`. The value there says nothing: 5.1 writes `end` when it
 * was killed.
 */
export function createProgressParser(onProgress: (progress: FfmpegProgress) => void): {
  push(chunk: string): void;
  last(): FfmpegProgress | undefined;
} {
  let rest = "";
  let block = new Map<string, string>();
  let last: FfmpegProgress | undefined;
  const take = (line: string): void => {
    const [key = "", value = ""] = line.split("=", 2).map((part) => part.trim());
    if (key !== "progress") return void block.set(key, value);
    last = read(block);
    block = new Map();
    onProgress(last);
  };
  return {
    push(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    },
    last: () => last,
  };
}

function read(block: ReadonlyMap<string, string>): FfmpegProgress {
  return {
    frames: finite(block.get("frame")) ?? 0,
    outTimeSeconds: Math.max(0, (finite(block.get("out_time_us")) ?? 0) / 1e6),
  };
}

function finite(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : null;
}
