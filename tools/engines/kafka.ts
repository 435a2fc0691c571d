import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { askPort } from "./ask-port.ts";
import type { Engine } from "./engine.ts";
import { freePort } from "./free-port.ts";
import { provideMavenArtifacts } from "./maven-artifacts.ts";

export interface KafkaAccess {
  /** `host:port`, separated by commas. */
  brokers: string;
}

/** One Kafka node that is broker and controller (KRaft), from the jars that the project publishes. */
export const kafka: Engine<KafkaAccess> = {
  name: "kafka",
  provide: (cache) =>
    provideMavenArtifacts(cache, ["org.apache.kafka:kafka_2.13:3.9.1", "org.slf4j:slf4j-simple:1.7.36"]),
  async prepare(folder, { path }) {
    const [port, controller] = [await freePort(), await freePort()];
    const properties = join(folder, "server.properties");
    await writeFile(properties, configuration({ data: join(folder, "data"), port, controller }));
    const cluster = randomBytes(16).toString("base64url");
    const java = `java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${log} -cp "$JARS/*"`;
    return {
      command: [
        "/bin/sh",
        "-c",
        `${java} kafka.tools.StorageTool format --ignore-formatted --cluster-id ${cluster} --config "$0" && exec ${java} kafka.Kafka "$0"`,
        properties,
      ],
      environment: { JARS: path },
      url: `kafka://127.0.0.1:${port}`,
    };
  },
  ping: askVersions,
  access: (url) => ({ brokers: new URL(url).host }),
  variables: (url) => ({ KAFKA_BROKERS: new URL(url).host }),
  named: ({ FLIX_TEST_KAFKA_BROKERS: brokers }) => (brokers === undefined ? undefined : { brokers }),
};

/** What slf4j-simple is to print. */
const log = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";

/** One that was killed is let in again when its old session is over: after 3 s instead of 9. */
function configuration({
  data,
  port,
  controller,
}: {
  data: string;
  port: number;
  controller: number;
}): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
log.dirs=${data}
num.partitions=3
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
`;
}

/** The ApiVersions request (key 18) in its first version: any broker that is ready answers it with the same correlation id. */
function askVersions(url: string): Promise<void> {
  return askPort(url, {
    request: Buffer.from("0000000a0012000000000007ffff", "hex"),
    isReady: (answer) => answer.readInt32BE(4) === 7,
    otherwise: "speaks no Kafka",
  });
}
