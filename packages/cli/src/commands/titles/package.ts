import type { Flix } from "@flix/sdk";
import { defineCommand } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { id } from "../../kinds.ts";
import { flag, optional, required } from "../../parameters.ts";
import { isPlatformError } from "../../platform-error.ts";
import { requireCurrentPackage } from "../markers/film-facts.ts";
import { describeReport } from "./package-report.ts";

export const getTitlePackage = defineCommand({
  details:
    "What an engineer asks of an encode: what the master was, every rendition with its rates and its quality, the loudness of the sound, what was run with which programs, what each stage took, and what was left out or warned of. It is the package's own report, which lies beside its manifests as package.json.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: {
    package: optional("package-id", id("pkg"), "Another package of the title than the one that it plays"),
    commands: flag("Also every command that was run, with its arguments"),
    files: flag("Also every file, with its size and SHA-256"),
  },
  examples: [
    { command: "flix titles package ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "How the film was encoded" },
    {
      command:
        "flix titles package ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --json | jq '.renditions[] | {id, bitrate_bps, vmaf}'",
      does: "A part of it, for a script",
    },
  ],
  async run({ titleId, package: packageId, commands, files }, { connect, output }) {
    const flix = await connect();
    const found =
      packageId === undefined
        ? await requireCurrentPackage(flix, titleId)
        : await flix.getPackage({ package_id: packageId });
    const report = await readReport(flix, found.id);
    output.data(report, (paper) => describeReport(found, report, { paper, commands, files }));
  },
});

async function readReport(flix: Flix, packageId: string) {
  try {
    return await flix.getPackageReport({ package_id: packageId });
  } catch (cause) {
    if (!isPlatformError(cause) || cause.status !== 404) throw cause;
    throw new CliError("no_report", {
      message: "The package has no report: it was not made by flix, or has not arrived yet",
      fix: `\`flix api getPackage -f package_id=${packageId}\` shows what the platform knows of it.`,
      cause,
    });
  }
}
