import { availableParallelism, cpus, totalmem } from "node:os";
import { childCpuSeconds } from "./cpu.ts";

/** From here on the figures say more of the other programs. */
const quietShare = 0.05;

export function describeMachine(): string {
  const [{ model } = { model: "unknown" }] = cpus();
  const gigabytes = (totalmem() / 1e9).toFixed(0);
  return `${availableParallelism()} cores (${model.trim()}), ${gigabytes} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

/** What the answer says when it is asked: how long it took since, and what other programs had of the machine meanwhile. */
export function watchMachine(): () => string {
  const startedMs = performance.now();
  // A container sees the times of a machine that is larger than what it may use; the times of children are told by Linux.
  const isSeen = process.platform === "linux" && cpus().length === availableParallelism();
  const [busy, own] = isSeen ? [busySeconds(), ownSeconds()] : [0, 0];
  return () => {
    const seconds = (performance.now() - startedMs) / 1000;
    const took = `took ${seconds.toFixed(0)} s`;
    if (!isSeen) return took;
    const others = Math.max(0, busySeconds() - busy - (ownSeconds() - own));
    const share = others / (seconds * availableParallelism());
    const percent = `other programs had ${(share * 100).toFixed(0)} % of the cores`;
    return share > quietShare
      ? `${took}; LOADED: ${percent}, so run it again on a quiet machine before you believe it`
      : `${took}; ${percent}`;
  };
}

function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

/** Of this process and what it has started, once that has ended. */
function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childCpuSeconds();
}
