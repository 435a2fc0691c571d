import { readFileSync } from "node:fs";

/** A Kafka cluster, how it is entered, and what its topics are to be where they are not there yet. */
export interface KafkaLocation {
  /** `host:port` each. */
  brokers: string[];
  /** Begins the names of topics, and of groups: `flix.player-events`, `flix-analytics`. */
  prefix: string;
  tls: KafkaTls | undefined;
  sasl: KafkaSasl | undefined;
  partitions: number;
  /** Undefined: the cluster's default. */
  replication: number | undefined;
  /** How many replicas have a message before it is acknowledged; undefined: the cluster's default. */
  minInSync: number | undefined;
}

export interface KafkaTls {
  /** PEM; undefined: the authorities that Node trusts. */
  ca: string | undefined;
}

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

export interface KafkaSasl {
  mechanism: (typeof mechanisms)[number];
  username: string;
  password: string;
}

export function kafkaBrokers(value: string): string[] {
  const brokers = value.split(",").flatMap((broker) => broker.trim() || []);
  const isBroker = (broker: string) => {
    const [, port] = /^[A-Za-z0-9_](?:[\w.-]*):(\d{1,5})$/.exec(broker) ?? [];
    return port !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
  };
  if (brokers.length > 0 && brokers.every(isBroker)) return brokers;
  throw new Error("must be names or IPv4 addresses with ports: kafka-1:9092,kafka-2:9092");
}

export function kafkaPrefix(value: string): string {
  if (/^[A-Za-z0-9_-][\w.-]{0,99}$/.test(value) && !value.endsWith(".")) return value;
  throw new Error("must be up to 100 letters, digits, dots, dashes and underscores");
}

export function kafkaTls(value: string): KafkaTls | undefined {
  if (value === "off") return undefined;
  if (value === "on") return { ca: undefined };
  const ca = readPem(value);
  if (ca?.includes("-----BEGIN CERTIFICATE-----") === true) return { ca };
  throw new Error("must be on, off, or a PEM file with the certificates that are trusted");
}

/** The password may hold colons; the user may not. */
export function kafkaSasl(value: string): KafkaSasl {
  const [, name, username, password] = /^([^:]+):([^:]+):(.+)$/s.exec(value) ?? [];
  const mechanism = mechanisms.find((known) => known === name?.toLowerCase());
  if (mechanism !== undefined && username !== undefined && password !== undefined)
    return { mechanism, username, password };
  throw new Error(
    `must be mechanism:user:password, the mechanism one of ${mechanisms.join(", ")}: scram-sha-512:flix:...`,
  );
}

function readPem(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
