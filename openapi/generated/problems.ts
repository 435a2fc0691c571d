// Generated from the contract by `pnpm generate`; do not edit.

/** Every problem code of the contract: its HTTP status, its title, and what to do next. */
export const problems = {
  "account_not_found": {
    "status": 404,
    "title": "There is no such account",
    "fix": "Check the id with `flix users list`."
  },
  "account_suspended": {
    "status": 403,
    "title": "The account is suspended",
    "fix": "Ask support; an operator restores it with `flix users restore`."
  },
  "asset_not_found": {
    "status": 422,
    "title": "The title has no such asset",
    "fix": "Create the asset on the same title first, or leave `asset_id` out."
  },
  "body_too_large": {
    "status": 413,
    "title": "The body is too large",
    "fix": "Send less at once."
  },
  "clock_out_of_range": {
    "status": 422,
    "title": "The clock does not go there",
    "fix": "Send a time later than `now`, by at most 2 years."
  },
  "content_key_not_found": {
    "status": 404,
    "title": "The session's package has none of these keys",
    "fix": "Ask for the key ids that the session's `protection` names; after another package came, start a new session."
  },
  "current_password_wrong": {
    "status": 422,
    "title": "The current password is not right",
    "fix": "Send the password that you sign in with as `current_password`."
  },
  "email_taken": {
    "status": 409,
    "title": "Another account has this email address",
    "fix": "Sign in with it, or use another address."
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
  "ingest_job_ended": {
    "status": 409,
    "title": "The ingest job has ended",
    "fix": "Open a new job."
  },
  "ingest_report_incomplete": {
    "status": 422,
    "title": "The report misses what its state needs",
    "fix": "Send `failure` with `failed`, and `package_id` with `succeeded`."
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
  "invoice_not_found": {
    "status": 404,
    "title": "There is no such invoice",
    "fix": "Check the id with `flix invoices list`."
  },
  "key_set_in_use": {
    "status": 409,
    "title": "A package is encrypted with these keys",
    "fix": "Delete the packages that `package_ids` names first; the keys go with the last of them."
  },
  "last_admin": {
    "status": 409,
    "title": "One active admin always stays",
    "fix": "Make another operator admin first."
  },
  "last_profile": {
    "status": 409,
    "title": "An account keeps at least one profile",
    "fix": "Create another profile first, or delete the account."
  },
  "marker_beyond_end": {
    "status": 422,
    "title": "The marker lies past the end of the film",
    "fix": "Give times within the title's `duration_seconds`."
  },
  "marker_empty": {
    "status": 422,
    "title": "The marker ends before it begins",
    "fix": "Swap its start and end."
  },
  "marker_end_missing": {
    "status": 422,
    "title": "The marker has no end",
    "fix": "Send `end_seconds`; only credits may go on to the end of the film."
  },
  "marker_kind_repeated": {
    "status": 422,
    "title": "Two markers are of one kind",
    "fix": "Send at most one intro, recap and credits each."
  },
  "markers_overlap": {
    "status": 422,
    "title": "Two markers overlap",
    "fix": "End one where the other begins, or before."
  },
  "maturity_blocked": {
    "status": 403,
    "title": "The title is above the profile's maturity limit",
    "fix": "Use another profile, or raise the limit in the account's settings."
  },
  "maturity_limit_too_high": {
    "status": 422,
    "title": "A child's maturity limit is at most 12",
    "fix": "Lower `maturity_limit`, or send `is_child` as false."
  },
  "media_grant_expired": {
    "status": 403,
    "title": "The media URL has expired",
    "fix": "Send a heartbeat and use its `media_base_url`, or start a new session."
  },
  "media_grant_not_valid": {
    "status": 403,
    "title": "The media URL does not open this",
    "fix": "Take the URLs of a playback session as they are; a grant opens its own title, up to the plan's height, and only for reading."
  },
  "media_path_not_valid": {
    "status": 400,
    "title": "The path is not that of a media file",
    "fix": "Resolve the relative URLs of the manifests against the manifest's own URL, without escapes."
  },
  "media_range_not_satisfiable": {
    "status": 416,
    "title": "The range lies outside the file",
    "fix": "Ask for a range within `Content-Range`."
  },
  "my_list_full": {
    "status": 409,
    "title": "My list is full",
    "fix": "Take a title off it first; it holds 1000."
  },
  "no_space": {
    "status": 507,
    "title": "The platform has no space left to store this",
    "fix": "Free space, or point FLIX_OBJECTS to a larger store; nothing was kept of this request."
  },
  "not_entitled": {
    "status": 403,
    "title": "The account has no subscription that opens this",
    "fix": "Subscribe, or settle the open invoice."
  },
  "not_found": {
    "status": 404,
    "title": "There is no such resource",
    "fix": "Check the id; a resource of another account is not shown either."
  },
  "package_current": {
    "status": 409,
    "title": "The package is its title's current one",
    "fix": "Activate another package of the title first."
  },
  "package_digest_mismatch": {
    "status": 422,
    "title": "The digest is not that of the files",
    "fix": "Hash one line a file, in order of path: sha256, two spaces, path, line feed."
  },
  "package_files_not_valid": {
    "status": 422,
    "title": "The files do not make a package",
    "fix": "Name each path once, and the manifests, thumbnails and poster among the files."
  },
  "package_incomplete": {
    "status": 409,
    "title": "The package misses files",
    "fix": "Send the parts of the uploads that `state=pending` lists, then complete it."
  },
  "package_not_found": {
    "status": 422,
    "title": "The title has no such package",
    "fix": "Report a package that the same title has."
  },
  "package_not_protected": {
    "status": 409,
    "title": "The session's package needs no license",
    "fix": "Play it as it is; ask for a license where the session has a `protection` with `org.w3.clearkey`."
  },
  "package_not_ready": {
    "status": 409,
    "title": "The package is not ready",
    "fix": "Complete it first."
  },
  "package_protection_not_valid": {
    "status": 422,
    "title": "The package's protection does not hold together",
    "fix": "Name a key set of the same title with its scheme and its keys, and `org.w3.clearkey` with a key set only."
  },
  "package_unverified": {
    "status": 503,
    "title": "Files of the package are still read",
    "fix": "Complete it again after Retry-After: the platform reads large files once, to compare them with their sha256."
  },
  "password_required": {
    "status": 422,
    "title": "Signing up needs a password",
    "fix": "Send `password`, 8 to 256 characters."
  },
  "payment_declined": {
    "status": 402,
    "title": "The payment was declined",
    "fix": "Use another payment method; `detail` says why."
  },
  "payment_method_unknown": {
    "status": 422,
    "title": "The payment provider does not know this payment method",
    "fix": "Use a token of the provider; in the sandbox, `pm_card_visa`."
  },
  "plan_currency_differs": {
    "status": 422,
    "title": "The plan is in another currency than the subscription",
    "fix": "Choose a plan in the subscription's currency."
  },
  "plan_currency_fixed": {
    "status": 422,
    "title": "A plan's currency cannot change",
    "fix": "Create another plan in that currency."
  },
  "plan_not_active": {
    "status": 409,
    "title": "The plan takes no new subscriptions",
    "fix": "Choose another with `flix plans list`."
  },
  "plan_not_found": {
    "status": 404,
    "title": "There is no such plan",
    "fix": "Check the id with `flix plans list`."
  },
  "playback_session_ended": {
    "status": 409,
    "title": "The session has ended",
    "fix": "Start a new session; it resumes at the stored position."
  },
  "playback_session_not_found": {
    "status": 404,
    "title": "There is no such session",
    "fix": "Use the id that the start of the session answered, with the same account."
  },
  "position_not_found": {
    "status": 404,
    "title": "The profile has not begun this title",
    "fix": "Start at 0."
  },
  "profile_limit_reached": {
    "status": 409,
    "title": "The account has 5 profiles already",
    "fix": "Delete one first."
  },
  "profile_not_found": {
    "status": 404,
    "title": "There is no such profile",
    "fix": "Check the id with `flix profiles list`."
  },
  "quality_not_entitled": {
    "status": 403,
    "title": "The plan does not play this quality",
    "fix": "Play the renditions that the manifests list, or change to a plan with a higher resolution."
  },
  "rate_limited": {
    "status": 429,
    "title": "Too many requests",
    "fix": "Wait for `Retry-After`."
  },
  "report_range_not_valid": {
    "status": 422,
    "title": "The report's range is not valid",
    "fix": "Put `from` before `to`, at most 400 days apart."
  },
  "request_timeout": {
    "status": 408,
    "title": "The request took too long to arrive",
    "fix": "Send it again."
  },
  "sandbox_only": {
    "status": 409,
    "title": "Only the sandbox has a test clock",
    "fix": "Run the platform on the sandbox payments."
  },
  "series_not_found": {
    "status": 422,
    "title": "There is no such series",
    "fix": "Create the series, then its episodes."
  },
  "sign_up_closed": {
    "status": 403,
    "title": "Nobody can sign up here",
    "fix": "Ask an operator for an account; `FLIX_SIGN_UP=open` opens it."
  },
  "stream_limit_reached": {
    "status": 409,
    "title": "The plan's streams are all in use",
    "fix": "Stop one of the devices that `detail` names, or change to a plan with more streams."
  },
  "subscription_ended": {
    "status": 409,
    "title": "The subscription has ended",
    "fix": "Subscribe anew with `flix subscriptions create`."
  },
  "subscription_exists": {
    "status": 409,
    "title": "The account has a subscription already",
    "fix": "Change it with `flix subscriptions change`, or cancel it first."
  },
  "subscription_not_canceling": {
    "status": 409,
    "title": "The subscription is not about to end",
    "fix": "Nothing is to be taken back: it renews."
  },
  "subscription_not_found": {
    "status": 404,
    "title": "There is no such subscription",
    "fix": "Check the id with `flix subscriptions list`."
  },
  "subscription_not_paid": {
    "status": 409,
    "title": "The subscription has an invoice that is not paid",
    "fix": "Give it a payment method that pays, with `flix subscriptions change`; then change its plan."
  },
  "territory_not_available": {
    "status": 403,
    "title": "The title is not available in this country",
    "fix": "Its availability windows leave this territory out; an operator changes them with `flix titles update`."
  },
  "title_has_episodes": {
    "status": 409,
    "title": "The series still has episodes",
    "fix": "Delete its episodes first."
  },
  "title_is_series": {
    "status": 422,
    "title": "A series has no film of its own",
    "fix": "Name one of its episodes instead."
  },
  "title_not_available": {
    "status": 404,
    "title": "The title is not available",
    "fix": "It is not published, or outside its availability dates; choose another title."
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
  },
  "upload_file_digest_mismatch": {
    "status": 422,
    "title": "The file differs from its sha256",
    "fix": "Check that the file did not change, then send all its parts again."
  },
  "upload_part_digest_mismatch": {
    "status": 422,
    "title": "The part differs from its Content-Digest",
    "fix": "It was damaged on the way; send it again."
  },
  "upload_part_not_found": {
    "status": 404,
    "title": "The upload has no such part",
    "fix": "Number the parts from 1 to `part_count`."
  },
  "upload_part_size_mismatch": {
    "status": 422,
    "title": "The part has not the length that it should have",
    "fix": "Send `part_size_bytes` bytes; for the last part, the rest of the file."
  }
} as const;
export type ProblemCode = keyof typeof problems;
