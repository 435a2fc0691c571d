import { randomUUID } from "node:crypto";

export interface Load {
  /** Ends it; answers how many requests were made, and what each that was not answered well got. */
  stop(): Promise<{ requests: number; failures: string[] }>;
}

/** Clients that ask one thing after another, without a retry of their own. */
export function startLoad(clients: readonly (() => Promise<Response>)[]): Load {
  const end = new AbortController();
  let requests = 0;
  const failures: string[] = [];
  const runs = clients.map(async (ask) => {
    while (!end.signal.aborted) {
      requests += 1;
      try {
        const answer = await ask();
        const body = await answer.text();
        if (!answer.ok) failures.push(`${answer.status} of ${answer.url}: ${body.slice(0, 300)}`);
      } catch (error) {
        failures.push(String(error instanceof Error ? (error.cause ?? error) : error));
      }
    }
  });
  return {
    async stop() {
      end.abort();
      await Promise.all(runs);
      return { requests, failures };
    },
  };
}

export function reading(url: string, headers: Record<string, string>): () => Promise<Response> {
  return () => fetch(url, { headers });
}

/** Each time another thing is made, under a key that lets the gateway ask again. */
export function writing(
  url: string,
  headers: Record<string, string>,
  body: () => object,
): () => Promise<Response> {
  return () =>
    fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", "idempotency-key": randomUUID() },
      body: JSON.stringify(body()),
    });
}
