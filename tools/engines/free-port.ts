import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const given = new Set<number>();

/** A port of loopback on which nothing listens; each call another. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    // Below the range from which outgoing connections are given theirs: nobody takes it before the engine does.
    const port = randomInt(20_000, 30_000);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error("No free port was found from 20000 to 29999");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
