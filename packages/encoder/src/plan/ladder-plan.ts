/** Where the rungs come from. Before a film is analysed, its renditions are those of the fixed ladder. */
export type LadderPlan =
  | { from: "fixed" }
  /** Written by somebody. */
  | { from: "file" }
  | {
      from: "analysis";
      /** Raised when the same film begins to get other rungs. */
      version: 1;
      metric: "vmaf" | "ssim";
      samples: number;
      framesEach: number;
    };
