import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeClip, temporaryFolder, testInputs } from "../../../testing/clips.ts";
import { startFilmServer, testAccess } from "../../../testing/film-server.ts";
import { openWebSource } from "../remote/web-source.ts";
import { createSparseFile } from "./sparse-file.ts";
import { readIsoIndex } from "./iso-index.ts";
import { readMatroskaIndex } from "./matroska-index.ts";

/** Positions where an index is: headers are at the start, and what is named by them at the end. */
const damage = fc.array(fc.record({ at: fc.nat(6000), fromEnd: fc.boolean(), byte: fc.nat(255) }), {
  minLength: 1,
  maxLength: 12,
});

test.for([
  ["mkv", readMatroskaIndex],
  ["mp4", readIsoIndex],
] as const)(
  "an index of %s that was damaged anywhere is read to an end, within the file",
  async ([extension, read]) => {
    const folder = await temporaryFolder();
    const clip = join(folder, `film.${extension}`);
    const film = await readFile(
      await makeClip(clip, testInputs({ seconds: 1 }), "-c:v libx264 -preset ultrafast -c:a aac"),
    );
    const server = await startFilmServer(film);
    const [access, { signal }] = [testAccess(), new AbortController()];
    const path = join(folder, "sparse");
    await fc.assert(
      fc.asyncProperty(damage, async (bytes) => {
        server.bytes = Buffer.from(film);
        server.requests.length = 0;
        for (const { at, fromEnd, byte } of bytes)
          server.bytes[(fromEnd ? film.length - 1 - at : at) % film.length] = byte;
        const source = await openWebSource(new URL(server.url), access, signal);
        const file = await createSparseFile(path, { source, access, signal });
        try {
          await read(file);
          expect(file.fetchedBytes()).toBeLessThanOrEqual(film.length);
          expect(server.requests.length).toBeLessThan(100);
        } finally {
          await file.close();
          await rm(path);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  },
);
