import type { Logger } from "./errors.ts";
import { explain, type Place } from "./explain.ts";

/** One line in the log when a server is lost, and one when it is back. */
export interface Outage {
  /** Why it cannot be used now. */
  readonly fault: Error | undefined;
  begin(error: unknown): void;
  end(): void;
}

export interface OutageWords {
  /** What happens while it is away. */
  meanwhile: string;
  back: string;
}

export function watchForOutage(place: Place, logger: Logger, { meanwhile, back }: OutageWords): Outage {
  let fault: Error | undefined;
  return {
    get fault() {
      return fault;
    },
    begin(error) {
      const isNews = fault === undefined;
      const explained = explain(error, place);
      fault = explained instanceof Error ? explained : new Error(String(explained));
      if (isNews) logger.warn({}, `${fault.message} ${meanwhile}`);
    },
    end() {
      if (fault !== undefined) logger.info({}, `${place.variable}: ${back}`);
      fault = undefined;
    },
  };
}
