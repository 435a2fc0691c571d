import fc from "fast-check";
import { expect, test } from "vitest";
import { readEventStream, type ServerSentEvent } from "./event-stream.ts";

async function read(
  pieces: Uint8Array[],
  onRetry?: (milliseconds: number) => void,
): Promise<ServerSentEvent[]> {
  const stream = ReadableStream.from(pieces);
  const events: ServerSentEvent[] = [];
  for await (const event of readEventStream(stream, { ...(onRetry && { onRetry }) })) events.push(event);
  return events;
}

const encode = (text: string) => new TextEncoder().encode(text);

test("reads fields as the HTML standard says", async () => {
  const retries: number[] = [];
  const text =
    "\uFEFF: a comment\nid: 1\nevent: player_event\ndata: {\ndata:}\n\n" +
    "data:  two spaces\nretry: 2500\nretry: soon\nunknown: x\n\nid\ndata\n\nevent: only\n\ndata: half";
  expect(await read([encode(text)], (milliseconds) => retries.push(milliseconds))).toEqual([
    { id: "1", event: "player_event", data: "{\n}" },
    { id: "1", event: "message", data: " two spaces" },
    { id: "", event: "message", data: "" },
  ]);
  expect(retries).toEqual([2500]);
});

test("gives the same events however the bytes are cut, and whatever ends the lines", async () => {
  const bytes = encode("id: é1\ndata: “ü”\ndata: x\n\nid: 2\ndata: 𝄞\n\n");
  const expected = await read([bytes]);
  const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }));
  await fc.assert(
    fc.asyncProperty(cuts, fc.constantFrom("\n", "\r\n", "\r"), async (at, end) => {
      const whole = encode(new TextDecoder().decode(bytes).replaceAll("\n", end));
      const edges = [0, ...at.toSorted((a, b) => a - b), whole.length];
      const pieces = edges.slice(1).map((edge, index) => whole.slice(edges[index], edge));
      // A CR at the end may be half of CR LF: the stream has to go on before it counts.
      expect(await read([...pieces, encode(":\n")])).toEqual(expected);
    }),
  );
});
