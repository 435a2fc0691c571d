import { spawn } from "node:child_process";
import { join } from "node:path";

export interface Watchdog {
  dismiss(): void;
}

/**
 * Stops PostgreSQL when this process ends without doing so, by `kill -9` too: the kernel then closes our end of the
 * pipe that the shell reads from, and the shell asks for a fast shutdown. It looks at postmaster.pid first, because
 * the number could have become another process's.
 */
export function startWatchdog(pid: number, data: string): Watchdog {
  const script = 'read -r _; read -r pid < "$2" && [ "$pid" = "$1" ] && kill -INT "$1"';
  const shell = spawn(
    "/bin/sh",
    ["-c", script, "flix-postgres-watchdog", String(pid), join(data, "postmaster.pid")],
    {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  shell.once("error", () => {
    // Without a shell the next start still finds and stops the orphan (orphan.ts).
  });
  shell.stdin.on("error", () => {});
  shell.unref();
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  return { dismiss: () => void shell.kill("SIGKILL") };
}
