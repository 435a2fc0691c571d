export type ObjectsErrorCode =
  | "objects_access_denied"
  | "objects_bucket_not_found"
  | "objects_directory_not_writable"
  | "objects_keys_missing"
  | "objects_keys_refused"
  | "objects_not_s3"
  | "objects_region_differs"
  | "objects_unreachable";

/** The object store cannot be used. `code` is stable; `message` names the variable, what was tried, and what to do next. */
export class ObjectsError extends Error {
  readonly code: ObjectsErrorCode;

  constructor(code: ObjectsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ObjectsError";
    this.code = code;
  }
}
