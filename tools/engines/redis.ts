import { askPort } from "./ask-port.ts";
import { provideDebianPackage } from "./debian-package.ts";
import type { Engine } from "./engine.ts";
import { freePort } from "./free-port.ts";

export interface RedisAccess {
  url: string;
}

/** Redis of Debian's package; it keeps nothing on the disk. */
export const redis: Engine<RedisAccess> = {
  name: "redis",
  provide: () => provideDebianPackage("redis-server", "/usr/bin/redis-server"),
  async prepare(folder, { path }) {
    const port = await freePort();
    const options = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder];
    return {
      command: [path, ...options, "--save", "", "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"],
      environment: {},
      url: `redis://127.0.0.1:${port}`,
    };
  },
  ping: pong,
  access: (url) => ({ url }),
  variables: (url) => ({ REDIS_URL: url }),
  named: ({ FLIX_TEST_REDIS_URL: url }) => (url === undefined ? undefined : { url }),
};

/** An inline command of the Redis protocol. */
function pong(url: string): Promise<void> {
  return askPort(url, {
    request: "PING\r\n",
    isReady: (answer) => answer.toString("latin1").startsWith("+PONG"),
    otherwise: "is no Redis that is ready",
  });
}
