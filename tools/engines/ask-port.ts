import { connect } from "node:net";

export interface Question {
  /** Sent as soon as the connection stands. */
  request: string | Buffer;
  isReady(answer: Buffer): boolean;
  /** What it is when the answer is another: "is no Redis that is ready". */
  otherwise: string;
}

/** Asks a server in its own protocol whether it is ready, without a client of it; throws until it is. */
export function askPort(url: string, { request, isReady, otherwise }: Question): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 2000 });
    socket.once("connect", () => socket.write(request));
    socket.once("data", (answer) => {
      socket.destroy();
      if (isReady(answer)) resolve();
      else reject(new Error(`${url} ${otherwise}`));
    });
    socket.once("timeout", () => socket.destroy(new Error(`${url} does not answer`)));
    socket.once("error", reject);
  });
}
