import { describe, expect, test } from "vitest";
import { EventsError } from "../errors.ts";
import type { KafkaLocation } from "../location.ts";
import { explain } from "./explain.ts";

const location: KafkaLocation = {
  brokers: ["kafka-1:9092", "kafka-2:9092"],
  prefix: "flix",
  tls: undefined,
  sasl: { mechanism: "plain", username: "flix", password: "c4n4ry" },
  partitions: 6,
  replication: undefined,
  minInSync: undefined,
};

describe("a fault of the broker is told by the variable, what was tried and what to do", () => {
  test.each([
    ["ECONNREFUSED", {}, "kafka_unreachable", /no broker answers.*FLIX_KAFKA_TLS.*FLIX_KAFKA_SASL/],
    ["No broker available", {}, "kafka_unreachable", /no broker answers/],
    ["write EPIPE", { code: "EPIPE" }, "kafka_unreachable", /no broker answers/],
    [
      "refused",
      { type: "SASL_AUTHENTICATION_FAILED" },
      "kafka_credentials_refused",
      /as flix \(plain\).*FLIX_KAFKA_SASL/,
    ],
    [
      "denied",
      { type: "TOPIC_AUTHORIZATION_FAILED" },
      "kafka_access_denied",
      /Allow Describe, Read and Write/,
    ],
    ["self-signed certificate", {}, "kafka_tls_failed", /FLIX_KAFKA_TLS/],
    ["no such topic", { type: "UNKNOWN_TOPIC_OR_PARTITION" }, "kafka_topic_missing", /Start again/],
    ["too few", { type: "NOT_ENOUGH_REPLICAS" }, "kafka_replicas_missing", /FLIX_KAFKA_MIN_IN_SYNC/],
    ["of another kind", {}, "kafka_not_usable", /See what its brokers log/],
  ])("%s %o", (said, fields, code, words) => {
    const cause = Object.assign(new Error(said), fields);
    const told = explain(new Error("Retries exceeded", { cause }), location);
    expect(told).toBeInstanceOf(EventsError);
    expect(told).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(told.message).toMatch(/^KAFKA_BROKERS=kafka-1:9092,kafka-2:9092: /);
    expect(told.message).toContain(`(${said})`);
    expect(told.message).not.toContain("c4n4ry");
  });

  test("what was told already is told as it is", () => {
    const error = new EventsError("kafka_topic_missing", "there is no topic");
    expect(explain(error, location)).toBe(error);
  });
});
