/** A RabbitMQ, and what the names of its queues begin with. */
export interface BrokerLocation {
  /** `amqp://user:password@host:port/vhost`, or amqps. */
  url: string;
  /** Several platforms can share a virtual host. */
  prefix: string;
}

export function amqpUrl(value: string): string {
  const url = URL.parse(value);
  if (url && /^amqps?:$/.test(url.protocol) && url.hostname !== "") return value;
  throw new Error("must be a URL such as amqp://user:password@host:5672/vhost, or amqps:// for TLS");
}

export function amqpPrefix(value: string): string {
  if (/^[A-Za-z0-9_-][\w.-]{0,99}$/.test(value) && !value.endsWith(".")) return value;
  throw new Error("must be up to 100 letters, digits, dots, dashes and underscores");
}
