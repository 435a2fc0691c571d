/** One event of a `text/event-stream` (HTML standard, "Server-sent events"). */
export interface ServerSentEvent {
  /** The last id that the stream gave, also by an event before this one. */
  id: string;
  event: string;
  data: string;
}

export interface EventStreamOptions {
  /** What the server asks to wait before a reconnect. */
  onRetry?: (milliseconds: number) => void;
  /** Called for each piece that arrives, comments too: a sign of life. */
  onBytes?: () => void;
}

export async function* readEventStream(
  stream: ReadableStream<Uint8Array>,
  { onRetry, onBytes }: EventStreamOptions = {},
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let id = "";
  let event = "";
  let data: string[] = [];
  for await (const line of readLines(stream, onBytes)) {
    if (line === "") {
      if (data.length > 0) yield { id, event: event || "message", data: data.join("\n") };
      event = "";
      data = [];
      continue;
    }
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) onRetry?.(Number(value));
  }
}

/** Lines end with CR LF, LF or CR; what follows the last end is half a line, and is dropped. */
async function* readLines(stream: ReadableStream<Uint8Array>, onBytes?: () => void): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes?.();
      rest += decoder.decode(value, { stream: true });
      // A CR at the very end may be the first half of CR LF.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
