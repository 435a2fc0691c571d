/** Uploads one package, in a process of its own: tells how long it took and what memory it held. */
import { once } from "node:events";
import { open } from "node:fs/promises";
import { createFlix, type PackageSource, uploadPackageFiles } from "@flix/sdk";
import { memoryOf } from "./process-memory.ts";

const [{ server, clientId, clientSecret, packageId, path }] = await once(process, "message");
const { client } = createFlix({ server, clientId, clientSecret });
const file = await open(path);
const source: PackageSource = {
  async read(name, start, end) {
    if (name !== "film.mp4") return new TextEncoder().encode("\n");
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  },
};
const startedMs = performance.now();
const { fault, directBytes, sentBytes } = await uploadPackageFiles(client, packageId, source);
const seconds = (performance.now() - startedMs) / 1000;
if (directBytes !== sentBytes) throw new Error("Not all went straight to the bucket", { cause: fault });
process.send?.({ seconds, bytesHeld: memoryOf(process.pid)?.highest });
await file.close();
