/** What one engine of the run is to a platform of a test: room of its own. */
export interface TestEngine {
  /** What the server is configured with, beside its data folder and its database. */
  environment: Record<string, string>;
  /** For what is in none of the two. */
  remove(): Promise<void>;
}

/** What the server brings itself: what it keeps is in its folder and its database. */
export const embedded: TestEngine = { environment: {}, remove: async () => {} };
