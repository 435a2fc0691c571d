/** One line in the log when an engine is lost, and one when it is back; what fails meanwhile need not say why. */
export interface Outage {
  /** Why it cannot be used now. */
  readonly fault: Error | undefined;
  begin(error: unknown): void;
  end(): void;
}

export interface OutageOptions {
  log: Record<"info" | "warn" | "error", (fields: object, message: string) => void>;
  /** `error`: what needs it fails. `warn`: it is done without. */
  level: "error" | "warn";
  /** For the operator: which variable, what was tried, what to do. */
  explain: (error: unknown) => unknown;
  /** What happens while it is away. */
  meanwhile: string;
  back: string;
}

export function watchForOutage({ log, level, explain, meanwhile, back }: OutageOptions): Outage {
  let fault: Error | undefined;
  return {
    get fault() {
      return fault;
    },
    begin(error) {
      const isNews = fault === undefined;
      const explained = explain(error);
      fault = explained instanceof Error ? explained : new Error(String(explained));
      if (isNews) log[level]({}, `${fault.message} ${meanwhile}`);
    },
    end() {
      if (fault !== undefined) log.info({}, back);
      fault = undefined;
    },
  };
}
