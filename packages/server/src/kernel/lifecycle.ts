/** Where the process stands: probes read it, start and stop move it. */
export interface Lifecycle {
  state: "starting" | "serving" | "draining";
}
