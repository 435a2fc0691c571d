import { createHash } from "node:crypto";
import { access, mkdir, open, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EncoderError, noSpace, systemErrorCode } from "../errors.ts";
import { layout } from "../package/layout.ts";
import type { Plan } from "../plan/plan.ts";
import { type ChunkFolder, openChunkFolder } from "./chunk-folder.ts";
import { acquireLock } from "./work-lock.ts";

/**
 * `<workDir>/<key>` is a finished package that waits to be published, `<key>.tmp` one that is being made, `<key>.lock` its owner.
 * The rename from the one to the other is the only way into the first, so what is there is whole.
 */
export interface WorkFolder {
  finished: string;
  renditions: string;
  package: string;
  chunks: ChunkFolder;
  hasFinished(): Promise<boolean>;
  /** Empties and makes the folders of a new run. */
  begin(): Promise<void>;
  finish(): Promise<void>;
  /** Removes the finished package, once it is published. */
  discard(): Promise<void>;
  /** Removes what is not finished and lets go of the lock. */
  release(): Promise<void>;
}

/** The same source, plan and programs give the same key; what is encrypted for one title is of no use to another. */
export function workKey(
  sourceSha256: string,
  plan: Plan,
  tools: Readonly<Record<string, string>>,
  encryptedFor?: string,
): string {
  return createHash("sha256")
    .update(JSON.stringify({ sourceSha256, plan, tools, encryptedFor }))
    .digest("hex")
    .slice(0, 32);
}

export async function openWorkFolder(workDir: string, key: string): Promise<WorkFolder> {
  const root = resolve(workDir);
  const release = await guarded(root, async () => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    return acquireLock(join(root, `${key}.lock`));
  });
  const chunks = openChunkFolder(root);
  await chunks.sweep();
  const finished = join(root, key);
  const temporary = join(root, `${key}.tmp`);
  const packageFolder = join(temporary, "package");
  return {
    finished,
    renditions: join(temporary, "renditions"),
    package: packageFolder,
    chunks,
    hasFinished: () =>
      access(join(finished, layout.report)).then(
        () => true,
        () => false,
      ),
    begin: () =>
      guarded(root, async () => {
        await rm(temporary, { recursive: true, force: true });
        await mkdir(join(temporary, "renditions"), { recursive: true, mode: 0o700 });
        await mkdir(packageFolder, { recursive: true, mode: 0o700 });
      }),
    async finish() {
      await sync(join(packageFolder, layout.report));
      await rm(finished, { recursive: true, force: true });
      await rename(packageFolder, finished);
    },
    discard: () => rm(finished, { recursive: true, force: true }),
    async release() {
      await rm(temporary, { recursive: true, force: true });
      await chunks.forget([]);
      await release();
    },
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
}

/** Says what a full or closed disk means to the operator. */
export async function guarded<T>(root: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = systemErrorCode(error);
    if (error instanceof EncoderError || code === undefined) throw error;
    if (code === "ENOSPC" || code === "EDQUOT") throw noSpace(root);
    throw new EncoderError("work_not_writable", {
      message: `The work folder ${root} cannot be written (${code}).`,
      hint: "Choose a folder that you may write to.",
      cause: error,
    });
  }
}
