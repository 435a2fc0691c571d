/** Uploads one package as an ingest does, in a process of its own: tells how long it took and what memory it held. */
import { once } from "node:events";
import { createFlix, uploadPackageFiles } from "@flix/sdk";
import { spareMemory } from "../../packages/cli/src/commands/ingest/spare-memory.ts";
import { createFolderSource } from "../../packages/encoder/src/platform/folder-source.ts";
import { memoryOf } from "./process-memory.ts";

spareMemory();
const [{ server, clientId, clientSecret, packageId, folder, paths }] = await once(process, "message");
const { client } = createFlix({ server, clientId, clientSecret });
const source = createFolderSource(folder, paths);
const startedMs = performance.now();
const { fault, directBytes, sentBytes } = await uploadPackageFiles(client, packageId, source);
const seconds = (performance.now() - startedMs) / 1000;
if (directBytes !== sentBytes) throw new Error("Not all went straight to the bucket", { cause: fault });
process.send?.({ seconds, bytesHeld: memoryOf(process.pid)?.highest });
