import { defineCommand, exitCodes } from "../../command.ts";
import { printable } from "../../printable.ts";
import type { Check } from "./checks.ts";
import { checkEngines } from "./engines.ts";
import { checkDisk, checkEncoder, checkNode } from "./machine.ts";
import { checkPlatform } from "./platform.ts";

export const doctor = defineCommand({
  details:
    "Node, the programs of the encoder, the engines that the environment names (DATABASE_URL, FLIX_OBJECTS, KAFKA_BROKERS, REDIS_URL, AMQP_URL) or the embedded PostgreSQL, disk, and the platform. What is wrong comes with what puts it right. Exit code 1 when something that flix needs is missing.",
  examples: [
    { command: "flix doctor", does: "Everything at once" },
    {
      command: "DATABASE_URL=postgres://flix@db/flix flix doctor",
      does: "Whether a server with this environment could start here",
    },
    { command: "flix doctor --json | jq '.[] | select(.status != \"ok\")'", does: "Only what is wrong" },
  ],
  async run(_, context) {
    const { env } = context.host;
    const [programs, engines, disk, platform] = await Promise.all([
      checkEncoder(env),
      checkEngines(env),
      checkDisk(env),
      checkPlatform(context),
    ]);
    const checks = [checkNode(process.versions.node), ...programs, ...engines, disk, ...platform];
    context.output.data(checks, checks.map(linesOf).join("\n"));
    return checks.some(({ status }) => status === "failed") ? exitCodes.failed : exitCodes.ok;
  },
});

const marks = { ok: "ok     ", warning: "warning", failed: "FAILED " } as const;

function linesOf({ name, status, detail, fix }: Check): string {
  const line = `${marks[status]}  ${name.padEnd("shaka-packager".length)}  ${printable(detail)}`;
  return fix === undefined ? line : `${line}\n         run: ${fix}`;
}
