import { randomBytes } from "node:crypto";
import { createEmptyDatabase } from "../../../packages/server/testing/empty-database.ts";
import { removeEvents } from "../../../packages/server/testing/events.ts";
import { removeJobs } from "../../../packages/server/testing/jobs.ts";
import { kafka } from "../../../tools/engines/kafka.ts";
import { postgres } from "../../../tools/engines/postgres.ts";
import { rabbitmq } from "../../../tools/engines/rabbitmq.ts";
import { redis } from "../../../tools/engines/redis.ts";
import { s3 } from "../../../tools/engines/s3.ts";
import { describeWith } from "../../../tools/engines/testing.ts";

/** A platform's place in the engines: a database, prefixes of the bucket, of topics, of keys and of queues. */
export interface Place {
  databaseUrl: string;
  /** What each process of the platform is configured with. */
  environment: Record<string, string>;
  /** Once its processes have ended; objects stay in the bucket, which is disposable. */
  remove(): Promise<void>;
}

/** Tests over all real engines; `makePlace` gives a platform room in them. */
export function describeOnEngines(tests: (makePlace: () => Promise<Place>) => void): void {
  describeWith(postgres, "on PostgreSQL", (database) => {
    describeWith(s3, "S3", ({ endpoint, region, bucket, accessKeyId, secretAccessKey }) => {
      describeWith(kafka, "Kafka", ({ brokers }) => {
        describeWith(redis, "Redis", ({ url }) => {
          describeWith(rabbitmq, "and RabbitMQ", (broker) => {
            tests(async () => {
              const { connectionString, drop } = await createEmptyDatabase(database.url);
              const prefix = `test-${randomBytes(6).toString("hex")}`;
              return {
                databaseUrl: connectionString,
                environment: {
                  DATABASE_URL: connectionString,
                  FLIX_OBJECTS: `s3://${bucket}/${prefix}?endpoint=${encodeURIComponent(endpoint)}&region=${region}`,
                  AWS_ACCESS_KEY_ID: accessKeyId,
                  AWS_SECRET_ACCESS_KEY: secretAccessKey,
                  KAFKA_BROKERS: brokers,
                  FLIX_KAFKA_PREFIX: prefix,
                  REDIS_URL: url,
                  FLIX_REDIS_PREFIX: `${prefix}:`,
                  AMQP_URL: broker.url,
                  FLIX_AMQP_PREFIX: prefix,
                },
                async remove() {
                  await drop();
                  await removeEvents(brokers, prefix);
                  await removeJobs(broker.url, [prefix]);
                },
              };
            });
          });
        });
      });
    });
  });
}
