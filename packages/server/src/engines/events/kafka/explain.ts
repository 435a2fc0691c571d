import { EventsError, type EventsErrorCode } from "../errors.ts";
import type { KafkaLocation } from "../location.ts";
import { causesOf, type Fault, faultOf } from "./faults.ts";

/** A fault of the broker, for the operator: which variable, what was tried, what to do. */
export function explain(error: unknown, { brokers, sasl }: KafkaLocation): EventsError {
  if (error instanceof EventsError) return error;
  const fault = faultOf(error);
  const { code, what, next } = fault === undefined ? unknown : advices[fault];
  const signedIn = sasl !== undefined && (fault === "credentials refused" || fault === "access denied");
  const user = signedIn ? ` as ${sasl.username} (${sasl.mechanism})` : "";
  const message = `KAFKA_BROKERS=${brokers.join(",")}: ${what}${user} (${sayingOf(error)}). ${next}`;
  return new EventsError(code, message, { cause: error });
}

interface Advice {
  code: EventsErrorCode;
  what: string;
  next: string;
}

const unknown: Advice = {
  code: "kafka_not_usable",
  what: "the cluster cannot be used",
  next: "See what its brokers log.",
};

const advices: Record<Fault, Advice> = {
  unreachable: {
    code: "kafka_unreachable",
    what: "no broker answers",
    next: "Check that the cluster runs, that host and port are those of its listener for clients, and whether that wants TLS (FLIX_KAFKA_TLS) or a password (FLIX_KAFKA_SASL).",
  },
  "credentials refused": {
    code: "kafka_credentials_refused",
    what: "the cluster lets nobody in",
    next: "Check mechanism, user and password of FLIX_KAFKA_SASL; leave it out where the cluster asks for none.",
  },
  "access denied": {
    code: "kafka_access_denied",
    what: "the cluster does not allow what flix needs",
    next: "Allow Describe, Read and Write on the topics, Read on the groups and IdempotentWrite on the cluster.",
  },
  "TLS failed": {
    code: "kafka_tls_failed",
    what: "there is no TLS with the cluster",
    next: "Set FLIX_KAFKA_TLS to the PEM file of the authority that signed its certificate, or to off where it wants none.",
  },
  "replicas missing": {
    code: "kafka_replicas_missing",
    what: "too few replicas are in sync to keep a message safe",
    next: "Bring the brokers back that are missing; where there never were more, lower min.insync.replicas of the topics (FLIX_KAFKA_MIN_IN_SYNC for new ones).",
  },
  "topic missing": {
    code: "kafka_topic_missing",
    what: "a topic is not there",
    next: "Start again: flix makes its topics where it may.",
  },
};

function sayingOf(error: unknown): string {
  const [line = ""] = (causesOf(error).at(-1)?.message ?? String(error)).split("\n");
  return line;
}
