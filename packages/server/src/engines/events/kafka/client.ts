import type { FastifyBaseLogger } from "fastify";
import { Kafka, logLevel, type KafkaConfig } from "kafkajs";
import type { KafkaLocation } from "../location.ts";
import { restRequestQueue } from "./request-queue.ts";

export interface Patience {
  requestMs: number;
  /** Of connecting, and of asking again what may be asked again; waits grow to a second. */
  retries: number;
}

const connectMs = 3_000;

/** What kafkajs says goes to the log at debug: loss and return are told once, by who notices them. */
export function createClient(
  { brokers, tls, sasl }: KafkaLocation,
  { requestMs, retries }: Patience,
  log: FastifyBaseLogger,
): Kafka {
  restRequestQueue();
  return new Kafka({
    clientId: "flix",
    brokers,
    ...(tls === undefined ? {} : { ssl: tls.ca === undefined ? true : { ca: [tls.ca] } }),
    ...(sasl === undefined ? {} : { sasl: credentialsOf(sasl) }),
    connectionTimeout: connectMs,
    authenticationTimeout: connectMs,
    requestTimeout: requestMs,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries },
    logLevel: logLevel.INFO,
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log.debug({ kafka: namespace }, message),
  });
}

/** kafkajs types one object for each mechanism. */
function credentialsOf({
  mechanism,
  username,
  password,
}: NonNullable<KafkaLocation["sasl"]>): NonNullable<KafkaConfig["sasl"]> {
  switch (mechanism) {
    case "plain":
      return { mechanism, username, password };
    case "scram-sha-256":
      return { mechanism, username, password };
    case "scram-sha-512":
      return { mechanism, username, password };
    default:
      return mechanism satisfies never;
  }
}
