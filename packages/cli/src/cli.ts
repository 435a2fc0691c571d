import { exitCodes } from "./command.ts";
import type { Host } from "./host.ts";
import { parse } from "./program.ts";

/** Runs one command line; answers the exit code and throws nothing. */
export async function runCli(argv: readonly string[], host: Host): Promise<number> {
  const json = wantsJson(argv);
  try {
    const parsed = await parse(argv, host);
    if ("help" in parsed) {
      host.stdout.write(parsed.help);
      return exitCodes.ok;
    }
    const { command, values, globals } = parsed;
    // Help needs none of this.
    const [{ openConfig }, { createContext }] = await Promise.all([
      import("./config.ts"),
      import("./context.ts"),
    ]);
    const code = await command.run(values, createContext(host, openConfig(host.env), globals, json));
    return code ?? exitCodes.ok;
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    return reportError(error, host, json);
  }
}

/** Known before the line is parsed, since its errors are written the same way. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? undefined : end).includes("--json");
}
