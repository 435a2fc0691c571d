import type { components } from "@flix/openapi";
import { FlixError, type FieldError } from "../../kernel/errors.ts";

type Title = components["schemas"]["Title"];
type AvailabilityWindow = components["schemas"]["AvailabilityWindow"];

/** Where and when somebody looks; without a territory, a window anywhere will do. */
export interface Viewpoint {
  territory: string | undefined;
  at: Date;
}

/** Published, and in an availability window: from its start up to, but not at, its end. */
export function isVisible(title: Pick<Title, "state" | "availability">, viewpoint: Viewpoint): boolean {
  if (title.state !== "published") return false;
  return title.availability.length === 0 || title.availability.some((window) => isOpen(window, viewpoint));
}

/** Windows with their times in UTC; refuses one that ends before it starts. */
export function readWindows(windows: AvailabilityWindow[]): AvailabilityWindow[] {
  const errors: FieldError[] = [];
  const read = windows.map((window, index) => {
    const starts = readTime(window.starts_at, `/availability/${index}/starts_at`, errors);
    const ends = readTime(window.ends_at, `/availability/${index}/ends_at`, errors);
    if (starts !== undefined && ends !== undefined && ends <= starts) {
      errors.push({ pointer: `/availability/${index}/ends_at`, message: "must be after starts_at" });
    }
    return {
      territories: window.territories,
      ...(starts === undefined ? {} : { starts_at: starts }),
      ...(ends === undefined ? {} : { ends_at: ends }),
    };
  });
  if (errors.length > 0) throw new FlixError("invalid_request", { errors, detail: errors[0]?.message });
  return read;
}

function isOpen(window: AvailabilityWindow, { territory, at }: Viewpoint): boolean {
  const here =
    territory === undefined || window.territories.length === 0 || window.territories.includes(territory);
  const begun = window.starts_at === undefined || new Date(window.starts_at) <= at;
  const ended = window.ends_at !== undefined && new Date(window.ends_at) <= at;
  return here && begun && !ended;
}

/** The contract's date-time lets a leap second and an unheard-of year through, which are no Date. */
function readTime(value: string | undefined, pointer: string, errors: FieldError[]): string | undefined {
  if (value === undefined) return undefined;
  const time = new Date(value);
  if (!Number.isNaN(time.getTime()) && time.getUTCFullYear() > 0) return time.toISOString();
  errors.push({ pointer, message: "is not a time" });
  return undefined;
}
