import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { withFileLock } from "./file-lock.ts";
import { CliError, messageOf, systemCodeOf } from "./errors.ts";

/** The contexts that this user knows, in `config.json` of mode 0600: it holds credentials. */
export interface Config {
  /** The name of the context that is used when none is asked for. */
  current?: string;
  contexts: Record<string, SavedContext>;
}

/** One platform, and how to sign in there. */
export interface SavedContext {
  server: string;
  credentials?: SavedCredentials;
}

export type SavedCredentials = ClientCredentials | SignIn;

/** A machine client; its present access token is kept, so that not every command asks for one. */
export interface ClientCredentials {
  kind: "client";
  clientId: string;
  clientSecret: string;
  tokens?: SavedTokens;
}

/** A person who signed in with `flix login`. */
export interface SignIn {
  kind: "person";
  clientId: string;
  tokens: SavedTokens;
}

export interface SavedTokens {
  accessToken: string;
  refreshToken?: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  scopes: string[];
}

export interface ConfigStore {
  readonly path: string;
  read(): Promise<Config>;
  /** Reads, changes and writes while no other process does: a refresh token that two use is lost to both. */
  change(change: (config: Config) => Config | Promise<Config>): Promise<Config>;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function openConfig(env: Environment): ConfigStore {
  const path = join(configDirectory(env), "config.json");
  return {
    path,
    read: () => readConfig(path),
    async change(change) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
        throw notWritable(path, error);
      });
      return withFileLock(`${path}.lock`, async () => {
        const config = await change(await readConfig(path));
        await writeAtomically(path, `${JSON.stringify(config, null, 2)}\n`);
        return config;
      });
    },
  };
}

/** XDG Base Directory: `$XDG_CONFIG_HOME/flix`, else `~/.config/flix`; `%APPDATA%\flix` on Windows. */
function configDirectory(env: Environment): string {
  if (env["FLIX_CONFIG_DIR"]) return env["FLIX_CONFIG_DIR"];
  if (env["XDG_CONFIG_HOME"]) return join(env["XDG_CONFIG_HOME"], "flix");
  if (process.platform === "win32" && env["APPDATA"]) return join(env["APPDATA"], "flix");
  return join(env["HOME"] || homedir(), ".config", "flix");
}

async function readConfig(path: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return { contexts: {} };
    throw notReadable(path, error);
  }
  const config = parseConfig(text);
  if (config) return config;
  throw new CliError("config_not_valid", {
    message: `${path} is not a configuration of flix`,
    fix: `Correct it, or remove it and sign in again: rm ${path}`,
  });
}

function parseConfig(text: string): Config | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isConfig(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isConfig(value: unknown): value is Config {
  if (!isRecord(value) || !isRecord(value["contexts"])) return false;
  const { current, contexts } = value;
  return (
    (current === undefined || typeof current === "string") && Object.values(contexts).every(isSavedContext)
  );
}

function isSavedContext(value: unknown): value is SavedContext {
  if (!isRecord(value) || typeof value["server"] !== "string") return false;
  return value["credentials"] === undefined || isCredentials(value["credentials"]);
}

function isCredentials(value: unknown): value is SavedCredentials {
  if (!isRecord(value) || typeof value["clientId"] !== "string") return false;
  const { kind, clientSecret, tokens } = value;
  if (kind === "person") return isTokens(tokens);
  return kind === "client" && typeof clientSecret === "string" && (tokens === undefined || isTokens(tokens));
}

function isTokens(value: unknown): value is SavedTokens {
  if (!isRecord(value)) return false;
  return typeof value["accessToken"] === "string" && typeof value["expiresAt"] === "number";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Never half a file: written beside, made durable, then renamed over. The lock keeps other writers off. */
async function writeAtomically(path: string, content: string): Promise<void> {
  const beside = `${path}.new`;
  try {
    const file = await open(beside, "w", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw notWritable(path, error);
  }
}

function notReadable(path: string, error: unknown): CliError {
  return new CliError("config_not_readable", {
    message: `${path} cannot be read: ${messageOf(error)}`,
    fix: "Correct its permissions, or choose another folder with FLIX_CONFIG_DIR.",
    cause: error,
  });
}

export function notWritable(path: string, error: unknown): CliError {
  return new CliError("config_not_writable", {
    message: `${path} cannot be written: ${messageOf(error)}`,
    fix: "Make its folder writable, or choose another with FLIX_CONFIG_DIR.",
    cause: error,
  });
}
