import { createServer } from "node:net";
import type { Flix } from "@flix/sdk";
import type { CommandContext } from "../../context.ts";
import { CliError, messageOf } from "../../errors.ts";
import type { Target } from "../../target.ts";
import { failed, ok, warning, type Check } from "./checks.ts";

/** The chosen platform answers; or, where none is chosen, one could be started here. */
export async function checkPlatform(context: CommandContext): Promise<Check[]> {
  const target = await context.target().catch((error: unknown) => {
    if (error instanceof CliError && error.code === "no_server") return undefined;
    throw error;
  });
  if (!target) return [await checkPort(context.host.env)];
  const flix = await context.connect();
  const reachable = await checkReachable(flix, target);
  if (reachable.status !== "ok") return [reachable];
  return [reachable, await checkSignIn(flix, target)];
}

async function checkReachable(flix: Flix, { server, context }: Target): Promise<Check> {
  try {
    await flix.getReadyz(undefined, { maxRetries: 0, timeoutMs: 5_000 });
    return ok("Platform", `${server} is ready`);
  } catch (error) {
    const fix = context === "local" ? "flix up" : "flix login --server <url>";
    return failed("Platform", `${server}: ${messageOf(error)}`, fix);
  }
}

async function checkSignIn(flix: Flix, { server, credentials }: Target): Promise<Check> {
  const fix = `flix login --server ${server}`;
  if (!credentials) return warning("Sign-in", `nobody is signed in to ${server}`, fix);
  try {
    const { name, kind } = await flix.getWhoami();
    return ok("Sign-in", `${name} (${kind})`);
  } catch (error) {
    return warning("Sign-in", messageOf(error), fix);
  }
}

function checkPort(env: Readonly<Record<string, string | undefined>>): Promise<Check> {
  const port = Number(env["FLIX_PORT"] || 8080);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => {
      resolve(failed("Port", `${port}: ${messageOf(error)}`, `flix up --port ${port + 1}`));
    });
    probe.listen({ port, host: env["FLIX_HOST"] || "127.0.0.1", exclusive: true }, () => {
      probe.close(() => resolve(ok("Port", `${port} is free; \`flix up\` starts a platform there`)));
    });
  });
}
