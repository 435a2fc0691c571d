import { createDirectStream } from "./direct.ts";
import { describeEventStream } from "./testing/event-stream-suite.ts";

describeEventStream("a stream without a broker", () => Promise.resolve(createDirectStream()));
