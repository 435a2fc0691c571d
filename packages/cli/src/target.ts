import type { Config, SavedCredentials } from "./config.ts";
import { CliError } from "./errors.ts";
import { httpUrl } from "./kinds.ts";
import { nearest } from "./nearest.ts";

export interface GlobalOptions {
  server?: string | undefined;
  context?: string | undefined;
  token?: string | undefined;
}

/** Where a command goes, and as whom. */
export interface Target {
  server: string;
  /** The saved context that it is, if it is one. */
  context: string | undefined;
  credentials: Credentials | undefined;
}

export type Credentials =
  | { kind: "token"; token: string }
  | { kind: "environment"; clientId: string; clientSecret: string }
  | SavedCredentials;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The program's option, then the environment, then the saved context. Credentials of a context are only sent to its own server: with
 * `--server` elsewhere they stay at home.
 */
export function chooseTarget(options: GlobalOptions, env: Environment, config: Config): Target {
  const { server, context } = chooseServer(options, env, config);
  const own = context === undefined ? undefined : config.contexts[context]?.credentials;
  return { server, context, credentials: chooseCredentials(options, env) ?? own };
}

/** Without credentials, for signing in. */
export function chooseServer(
  options: GlobalOptions,
  env: Environment,
  config: Config,
): Omit<Target, "credentials"> {
  const asked = options.context ?? env["FLIX_CONTEXT"];
  const server = parseServer(options.server, "--server") ?? parseServer(env["FLIX_SERVER"], "FLIX_SERVER");
  const name = asked || contextOf(server, config);
  const saved = name === undefined ? undefined : config.contexts[name];
  if (asked && !saved) throw noSuchContext(asked, config);
  const address = server ?? saved?.server;
  if (address === undefined) throw noServer();
  return { server: address, context: saved?.server === address ? name : undefined };
}

function chooseCredentials({ token: given }: GlobalOptions, env: Environment): Credentials | undefined {
  const token = given ?? env["FLIX_TOKEN"];
  if (token) return { kind: "token", token };
  const { FLIX_CLIENT_ID: clientId, FLIX_CLIENT_SECRET: clientSecret } = env;
  if (clientId && clientSecret) return { kind: "environment", clientId, clientSecret };
  if (!clientId && !clientSecret) return undefined;
  throw new CliError("usage", {
    message: `${clientId ? "FLIX_CLIENT_SECRET" : "FLIX_CLIENT_ID"} is not set`,
    fix: "Set FLIX_CLIENT_ID and FLIX_CLIENT_SECRET together.",
    exitCode: 2,
  });
}

/** Without a server the current context; with one, the context of that server, the current one first. */
function contextOf(server: string | undefined, { current, contexts }: Config): string | undefined {
  if (server === undefined || (current && contexts[current]?.server === server)) return current;
  return Object.keys(contexts).find((name) => contexts[name]?.server === server);
}

function parseServer(value: string | undefined, name: string): string | undefined {
  if (!value) return undefined;
  const server = httpUrl.parse(value);
  if (server !== undefined) return server;
  throw new CliError("usage", {
    message: `${name} ${httpUrl.expects}, not "${value}"`,
    fix: "",
    exitCode: 2,
  });
}

export function noSuchContext(name: string, { contexts }: Config): CliError {
  const names = Object.keys(contexts);
  const meant = nearest(name, names);
  const known =
    names.length > 0 ? `Known: ${names.join(", ")}.` : "There is none yet: `flix login --server <url>`.";
  return new CliError("context_not_found", {
    message: `There is no context "${name}"`,
    fix: meant === undefined ? known : `Did you mean ${meant}?`,
    exitCode: 2,
  });
}

function noServer(): CliError {
  return new CliError("no_server", {
    message: "No platform is chosen",
    fix: "Start one here with `flix up`, or sign in to one with `flix login --server <url>`.",
    exitCode: 4,
  });
}
