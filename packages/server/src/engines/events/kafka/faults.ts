/** What is wrong with the broker or how it is entered. */
export type Fault =
  | "unreachable"
  | "credentials refused"
  | "access denied"
  | "TLS failed"
  | "topic missing"
  | "replicas missing";

/** The message itself is refused, and would be again: the broker is not lost. */
export function isRefusal(error: unknown): boolean {
  return causesOf(error).some((cause) => refusals.has(fieldOf(cause, "type")));
}

const refusals = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "TOPIC_AUTHORIZATION_FAILED",
]);

export function faultOf(error: unknown): Fault | undefined {
  for (const cause of causesOf(error)) {
    const type = fieldOf(cause, "type");
    if (/SASL/.test(type) || fieldOf(cause, "name") === "KafkaJSSASLAuthenticationError")
      return "credentials refused";
    if (type.endsWith("AUTHORIZATION_FAILED")) return "access denied";
    if (type.startsWith("NOT_ENOUGH_REPLICAS")) return "replicas missing";
    if (type === "UNKNOWN_TOPIC_OR_PARTITION") return "topic missing";
    const words = `${fieldOf(cause, "code")} ${fieldOf(cause, "message")}`;
    if (/CERT|certificate|SSL|TLS|EPROTO|ALTNAME/.test(words)) return "TLS failed";
    if (
      /E(CONN|HOST|NET|NOTFOUND|AI_AGAIN|TIMEDOUT|PIPE)|Connection (timeout|error)|Closed connection|timed out|not connected|disconnected|No broker available|NOT_AVAILABLE/.test(
        words,
      )
    )
      return "unreachable";
  }
  return undefined;
}

/** The error and what it came of, the first thing last. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let next = error; next instanceof Error && !causes.includes(next); next = next.cause)
    causes.push(next);
  return causes;
}

function fieldOf(error: Error, name: string): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : "";
}
