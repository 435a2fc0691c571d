import { dirname } from "node:path";
import { execa, type Result } from "execa";
import { confine, encodeConfinement } from "./confine.ts";
import { cancelled, EncoderError, noSpace, throwIfAborted } from "../errors.ts";
import { hideFlags, openFlags } from "./hidden-flags.ts";
import { endGroupOnAbort, ownGroup } from "./process-group.ts";

interface PackagerRun {
  /** Relative paths in the arguments start here. */
  folder: string;
  /** Flags that nobody else on the machine may read. */
  secretFlags?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/** An hour covers a day-long film: the packager only copies, at the speed of the disk. */
const defaultTimeoutMs = 3_600_000;

/** Runs shaka-packager to its end. */
export async function runPackager(program: string, args: readonly string[], run: PackagerRun): Promise<void> {
  throwIfAborted(run.signal);
  const result = await start(program, args, run);
  throwIfAborted(run.signal);
  if (/no space left|ENOSPC|disk quota/i.test(result.stderr)) throw noSpace(run.folder);
  if (result.exitCode === 0) return;
  throw new EncoderError("packager_failed", {
    // It repeats a flag that it does not understand.
    message: run.secretFlags
      ? "shaka-packager failed while it encrypted."
      : `shaka-packager failed: ${lastErrors(result.stderr) || result.shortMessage || "it said nothing"}`,
    hint: "Run `flix doctor` to check the programs, and that the work folder is on a disk with free space.",
  });
}

export async function packagerVersion(program: string): Promise<string | null> {
  const result = await start(program, ["--version"], { folder: dirname(program), timeoutMs: 10_000 });
  return /packager version (\S+)/.exec(result.stdout)?.[1] ?? null;
}

type PackagerResult = Pick<Result<{ encoding: "utf8" }>, "exitCode" | "stdout" | "stderr"> & {
  shortMessage?: string;
};

async function start(program: string, args: readonly string[], run: PackagerRun): Promise<PackagerResult> {
  const signal = AbortSignal.any(
    [run.signal, AbortSignal.timeout(run.timeoutMs ?? defaultTimeoutMs)].filter((one) => one !== undefined),
  );
  const secrets = run.secretFlags ? await hideFlags(run.secretFlags) : openFlags;
  const confined = confine({ program, args: [...args, ...secrets.args] }, encodeConfinement());
  const subprocess = execa(confined.program, confined.args, {
    cwd: run.folder,
    // Top-level manifests are written in the system's temporary folder and renamed, which fails when that is on another disk.
    env: { TMPDIR: run.folder, TEMP: run.folder, TMP: run.folder, ...secrets.env },
    reject: false,
    stdin: "ignore",
    detached: ownGroup,
    maxBuffer: 1_000_000,
  });
  const release = endGroupOnAbort(subprocess, signal);
  try {
    const result = await subprocess;
    if (run.signal?.aborted) throw cancelled();
    return result;
  } finally {
    release();
    await secrets.forget();
  }
}

/** Its log lines begin with a letter for the level: E for errors, F for fatal ones. */
function lastErrors(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line !== "");
  const errors = lines.filter((line) => /^[EF]\d{4} /.test(line));
  return (errors.length > 0 ? errors : lines).slice(-3).join("; ").slice(0, 500);
}
