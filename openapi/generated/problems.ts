// Generated from the contract by `pnpm generate`; do not edit.

/** Every problem code of the contract: its HTTP status, its title, and what to do next. */
export const problems = {
  "body_too_large": {
    "status": 413,
    "title": "The body is too large",
    "fix": "Send less at once."
  },
  "episode_place_required": {
    "status": 422,
    "title": "An episode needs its place in a series",
    "fix": "Send `episode` with series, season and number; only episodes take it."
  },
  "episode_place_taken": {
    "status": 409,
    "title": "Another episode has this number",
    "fix": "Choose another season or episode number."
  },
  "etag_stale": {
    "status": 412,
    "title": "The resource has changed since",
    "fix": "Read it again, reapply the change, send the new `etag`."
  },
  "idempotency_in_flight": {
    "status": 409,
    "title": "The first request with this key has not ended",
    "fix": "Wait for `Retry-After`, then repeat the same request."
  },
  "idempotency_key_reused": {
    "status": 422,
    "title": "The idempotency key was used for another request",
    "fix": "Use a new key for a new request."
  },
  "if_match_required": {
    "status": 428,
    "title": "If-Match is missing",
    "fix": "Send the resource's `etag` as `If-Match`."
  },
  "image_not_valid": {
    "status": 422,
    "title": "The image cannot be read",
    "fix": "Send a JPEG, PNG or WebP."
  },
  "insufficient_scope": {
    "status": 403,
    "title": "The token lacks a scope",
    "fix": "Ask for a token with the scope that `detail` names."
  },
  "internal_error": {
    "status": 500,
    "title": "Something went wrong on our side",
    "fix": "Try again; if it stays, report the `request_id`."
  },
  "invalid_request": {
    "status": 400,
    "title": "The request is not valid",
    "fix": "Correct the fields that `errors` points to."
  },
  "invalid_token": {
    "status": 401,
    "title": "The access token is not valid",
    "fix": "Sign in again, or refresh the token."
  },
  "method_not_allowed": {
    "status": 405,
    "title": "The path does not take this method",
    "fix": "See the contract at /docs."
  },
  "not_found": {
    "status": 404,
    "title": "There is no such resource",
    "fix": "Check the id; a resource of another account is not shown either."
  },
  "rate_limited": {
    "status": 429,
    "title": "Too many requests",
    "fix": "Wait for `Retry-After`."
  },
  "request_timeout": {
    "status": 408,
    "title": "The request took too long to arrive",
    "fix": "Send it again."
  },
  "series_not_found": {
    "status": 422,
    "title": "There is no such series",
    "fix": "Create the series, then its episodes."
  },
  "title_has_episodes": {
    "status": 409,
    "title": "The series still has episodes",
    "fix": "Delete its episodes first."
  },
  "title_not_found": {
    "status": 404,
    "title": "There is no such title",
    "fix": "Check the id with `flix titles list`."
  },
  "title_not_playable": {
    "status": 422,
    "title": "The title has no package to play",
    "fix": "Run `flix ingest` for it, then publish."
  },
  "title_published": {
    "status": 409,
    "title": "The title is published",
    "fix": "Unpublish it first."
  },
  "unavailable": {
    "status": 503,
    "title": "A part that this needs is not available",
    "fix": "Wait for `Retry-After`; GET /readyz names the part."
  },
  "unsupported_media_type": {
    "status": 415,
    "title": "The body's media type is not taken here",
    "fix": "Send the media type that the contract names."
  }
} as const;
export type ProblemCode = keyof typeof problems;
