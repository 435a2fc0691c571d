import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { buffer } from "node:stream/consumers";
import { CliError, messageOf } from "../../errors.ts";

export interface Body {
  body: unknown;
  contentType: string | undefined;
}

/** JSON where it is JSON; a picture, or whatever else, as it is. */
export async function readBody(path: string, stdin: NodeJS.ReadStream): Promise<Body> {
  const bytes = path === "-" ? await buffer(stdin) : await readBytes(path);
  try {
    return {
      body: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
      contentType: undefined,
    };
  } catch {
    return { body: new Uint8Array(bytes), contentType: mediaTypes[extname(path).toLowerCase()] };
  }
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
};

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CliError("file_not_readable", {
      message: `${path} cannot be read: ${messageOf(error)}`,
      fix: "Check the path after --body.",
      exitCode: 2,
      cause: error,
    });
  }
}
