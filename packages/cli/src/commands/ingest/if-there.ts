import { isPlatformError } from "../../platform-error.ts";

/** Undefined where the platform knows no such thing. */
export async function ifThere<Resource>(request: Promise<Resource>): Promise<Resource | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isPlatformError(error) && error.status === 404) return undefined;
    throw error;
  }
}
