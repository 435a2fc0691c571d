/** One line of `flix doctor`. */
export interface Check {
  name: string;
  /** `warning`: flix works without it. */
  status: "ok" | "warning" | "failed";
  detail: string;
  /** The one command that puts it right, where there is one; otherwise `detail` says what to do. */
  fix?: string;
}

export function ok(name: string, detail: string): Check {
  return { name, status: "ok", detail };
}

export function warning(name: string, detail: string, fix: string): Check {
  return { name, status: "warning", detail, fix };
}

export function failed(name: string, detail: string, fix: string): Check {
  return { name, status: "failed", detail, fix };
}
