export type EventsErrorCode =
  | "kafka_access_denied"
  | "kafka_credentials_refused"
  | "kafka_not_usable"
  | "kafka_replicas_missing"
  | "kafka_tls_failed"
  | "kafka_topic_missing"
  | "kafka_unreachable";

/** The broker cannot be used. `code` is stable; `message` names the variable, what was tried, and what to do next. */
export class EventsError extends Error {
  readonly code: EventsErrorCode;

  constructor(code: EventsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EventsError";
    this.code = code;
  }
}
