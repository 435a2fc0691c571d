import { hostname } from "node:os";
import { EncoderError } from "../errors.ts";
import type { BrokerChannel, Delivery } from "./broker.ts";
import { parseTaskMessage, toFailure, type WorkerReport } from "./messages.ts";
import { fatalDeliveries } from "./task-queue.ts";

/** The run of a task that nobody took in time is gone; that of one that workers disappeared with waits. */
export async function tellOfLost(channel: BrokerChannel, delivery: Delivery): Promise<void> {
  const message = parseTaskMessage(delivery.content);
  const { replyTo, headers } = delivery.properties;
  if (message && headers?.["x-first-death-reason"] === "delivery_limit") {
    const { task, attempt } = message;
    const failure = toFailure(workerLost());
    const report: WorkerReport = {
      key: task.key,
      machine: hostname(),
      slot: 1,
      attempt,
      state: "failed",
      frames: 0,
      wallSeconds: 0,
      argv: [],
      failure,
    };
    await channel.send(String(replyTo), report).catch(() => {});
  }
  channel.acknowledge(delivery);
}

function workerLost(): EncoderError {
  return new EncoderError("worker_lost", {
    message: `${fatalDeliveries} workers disappeared while they encoded this chunk.`,
    hint: "Look at their logs; the usual cause is too little memory for as many slots.",
  });
}
