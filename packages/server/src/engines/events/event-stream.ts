import type { Unit, Units } from "../../kernel/unit.ts";

/** Names a stream inside the platform; a broker's topic has a prefix before it. */
export type Topic = "events" | "player-events";

export interface StreamMessage {
  /** Messages of one key keep their order. */
  key: string;
  value: string;
  headers: Record<string, string>;
}

export interface Subscription {
  topic: Topic;
  /** Each group gets every message; the processes of a group share them. */
  group: string;
  /**
   * Called at least once for each message; the unit's changes are made before the message counts as handled. Returns how
   * many records of each message were new. What it throws for a message alone, again and again, makes that a dead letter.
   */
  handle: (messages: StreamMessage[], unit: Unit) => Promise<number[]>;
}

export interface StreamRuntime {
  units: Units;
  /** Told of each message that was put aside. */
  onDeadLetter: (topic: Topic) => void;
}

/** Where records go that are too many to be changes of their own: to their handlers at once, or through a broker. */
export interface EventStream {
  /** Others read it too: the domain events of the outbox are sent there. */
  readonly shared: boolean;
  /**
   * Resolves once the messages cannot be lost: handled and committed, or kept by every replica in sync; nothing is done where
   * the unit only checks. Returns how many records were new, where the handlers have run. Throws the problem `unavailable` when the
   * broker did not take them in time; they may be there all the same, so handlers drop repeats.
   */
  publish(unit: Unit, topic: Topic, messages: StreamMessage[]): Promise<number | undefined>;
  subscribe(subscription: Subscription): void;
  /** Begins to hand out what is waiting for the subscriptions. */
  start(runtime: StreamRuntime): void;
  /** Lets what is being handled end, and leaves the rest to the other processes of the group. */
  stop(): Promise<void>;
  /** Throws when messages cannot be published. */
  check(): Promise<void>;
  close(): Promise<void>;
}
