import type { components } from "@flix/openapi";
import type { Client } from "./client.ts";
import { isFlixError, unexpectedResponse } from "./errors.ts";
import { readEventStream } from "./event-stream.ts";
import { tailPlayerEvents as openTail } from "./generated/operations.ts";
import type { Input } from "./operation.ts";
import { abortedBy } from "./transport.ts";

export type ObservedPlayerEvent = components["schemas"]["ObservedPlayerEvent"];

/**
 * Player events as they come, for ever: after a break it connects again and asks for what it missed by `Last-Event-ID`. It ends with
 * `break`, or throws: `aborted` by the signal, or what the server refuses (a token without the scope, a filter that is not valid).
 */
export async function* tailPlayerEvents(
  client: Client,
  filters: Input<"tailPlayerEvents"> = {},
  options: TailOptions = {},
): AsyncGenerator<ObservedPlayerEvent, void, undefined> {
  const { signal } = options;
  const state: TailState = { lastEventId: options.lastEventId, firstWaitMs: 1_000, waitMs: 1_000 };
  for (;;) {
    try {
      yield* readConnection(client, filters, options, state);
    } catch (error) {
      if (!signal?.aborted && !isBreak(error)) throw error;
    }
    const waitMs = state.waitMs * (0.5 + client.clock.random() / 2);
    if (!signal?.aborted) await client.clock.sleep(waitMs, signal).catch(() => undefined);
    if (signal?.aborted) throw abortedBy(signal);
    state.waitMs = Math.min(state.waitMs * 2, longestWaitMs);
  }
}

export interface TailOptions {
  /** Where an earlier tail ended. */
  lastEventId?: string;
  signal?: AbortSignal;
  /** Without a byte for so long the connection counts as lost: the server sends a comment every 15 seconds. */
  silenceMs?: number;
}

interface TailState {
  lastEventId: string | undefined;
  /** What the server asked for in `retry`, else one second; doubled with each connection that gave nothing. */
  firstWaitMs: number;
  waitMs: number;
}

const longestWaitMs = 30_000;

async function* readConnection(
  client: Client,
  filters: Input<"tailPlayerEvents">,
  { signal, silenceMs = 45_000 }: TailOptions,
  state: TailState,
): AsyncGenerator<ObservedPlayerEvent, void, undefined> {
  const lost = new AbortController();
  const watch = watchSilence(client, silenceMs, () => lost.abort());
  try {
    const stream = await openTail(client, filters, {
      headers: state.lastEventId ? { "last-event-id": state.lastEventId } : {},
      signal: signal ? AbortSignal.any([signal, lost.signal]) : lost.signal,
      // Connecting again is the caller's loop, with the id that it has by then.
      maxRetries: 0,
    });
    const onRetry = (milliseconds: number) => {
      state.firstWaitMs = milliseconds;
    };
    for await (const { id, data } of readEventStream(stream, { onRetry, onBytes: watch.restart })) {
      if (id) state.lastEventId = id;
      state.waitMs = state.firstWaitMs;
      // While the reader of the events is at work nothing is read, and silence means nothing.
      watch.stop();
      yield parseEvent(data);
      watch.restart();
    }
  } finally {
    watch.stop();
    lost.abort();
  }
}

function watchSilence(client: Client, silenceMs: number, onSilence: () => void) {
  let timer: AbortController | undefined;
  const stop = () => timer?.abort();
  const restart = () => {
    stop();
    timer = new AbortController();
    client.clock.sleep(silenceMs, timer.signal).then(onSilence, () => undefined);
  };
  restart();
  return { stop, restart };
}

function parseEvent(data: string): ObservedPlayerEvent {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw unexpectedResponse("an event that is not JSON", { status: 200, cause });
  }
}

/** Worth another connection: no answer, a broken one, a server that is overloaded or restarts. */
function isBreak(error: unknown): boolean {
  if (isFlixError(error)) return error.status === undefined || error.status === 429 || error.status >= 500;
  // How fetch reports a body that broke off (TypeError), or that we gave up on (AbortError).
  return error instanceof TypeError || (error instanceof DOMException && error.name === "AbortError");
}
