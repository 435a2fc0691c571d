import type { Command as Parser } from "commander";
import type { Example } from "./command.ts";

/** What `flix --help` says beside the commands. */
export function describeRoot(root: Parser): void {
  root
    .description("Operate a video-on-demand platform from the terminal.")
    .usage("<command> [options]")
    .helpCommand(false)
    .addHelpText("after", rootNotes);
}

export function describeExamples(examples: readonly Example[]): string {
  const lines = examples.map(({ command, does }) => `  # ${does}\n  $ ${command}`);
  return `\nExamples:\n${lines.join("\n\n")}\n`;
}

const rootNotes = `
Examples:
  $ flix up
  $ flix ingest film.mp4 --title "Big Buck Bunny" --publish
  $ flix titles list --json

Environment:
  FLIX_SERVER, FLIX_CONTEXT             which platform, as --server and --context
  FLIX_TOKEN                            an access token, as --token
  FLIX_CLIENT_ID, FLIX_CLIENT_SECRET    a machine client, such as a CI script's
  FLIX_CONFIG_DIR                       where contexts are kept (default: ~/.config/flix)
  NO_COLOR                              no colours

Exit codes:
  0 done   1 failed   2 wrong usage   4 not signed in   130 interrupted
`;
