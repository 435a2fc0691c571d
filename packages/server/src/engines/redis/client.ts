import { createClient, ErrorReply, RESP_TYPES } from "@redis/client";

/** What a command may answer; texts are bytes. */
export type Reply = string | number | Buffer | null | Reply[];

/** One connection to Redis, used once. */
export interface RedisClient {
  /** Throws when there is no connection, or Redis refuses it, within a second. */
  connect(): Promise<void>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  /** Throws when it takes longer than `limitMs`. */
  command(args: (string | Buffer)[], limitMs: number): Promise<Reply>;
  /** Ends it at once; what waits for an answer fails. */
  destroy(): void;
}

const connectMs = 1_000;

/**
 * A client of RESP3, so that messages and answers share a connection and keep their order. Its own reconnecting is not used:
 * it waits without limit for a handshake that a hanging server never ends. Nor is its time-out, which ends with the sending.
 */
export function createRedisClient(url: string, onEnd: (error: unknown) => void): RedisClient {
  const client = createClient({
    url,
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: connectMs, reconnectStrategy: false },
  });
  client.on("error", onEnd);
  client.on("end", () => onEnd(new Error("the connection ended")));
  return {
    connect: async () => void (await within(client.connect(), connectMs)),
    subscribe: (channel, listener) => within(client.subscribe(channel, listener), connectMs),
    command: (args, limitMs) => within(client.sendCommand<Reply>(args, asBytes), limitMs),
    destroy: () => client.destroy(),
  };
}

/** Redis answered, with an error: the connection works. */
export function isErrorReply(error: unknown): error is Error {
  return error instanceof ErrorReply;
}

const asBytes = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

function within<Result>(work: Promise<Result>, limitMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${limitMs} ms`));
    // Where it was this process that had no time, the answer has come already, and is read first.
    const timer = setTimeout(() => setImmediate(late), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
