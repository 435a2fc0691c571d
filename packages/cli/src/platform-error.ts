/** An error of the SDK, told by its mark: the SDK is not loaded for it, and the encoder brings a copy of its own. */
export interface PlatformError extends Error {
  readonly isFlixError: true;
  readonly code: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly retryAfterSeconds?: number;
  readonly errors: readonly { pointer: string; message: string }[];
}

export function isPlatformError(error: unknown): error is PlatformError {
  return error instanceof Error && "isFlixError" in error;
}
