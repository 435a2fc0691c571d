import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../testing/clips.ts";
import { type FilmServer, serve, startFilmServer, testAccess } from "../../../testing/film-server.ts";
import { type FetchedMaster, fetchMaster } from "./fetch-master.ts";
import { parseMasterAddress } from "./master-address.ts";
import type { SourceAccess } from "./source-access.ts";

const film = randomBytes(3_000_000);
let workDir: string;
let server: FilmServer;
beforeEach(async () => {
  workDir = await temporaryFolder();
  server = await startFilmServer(film);
});

async function fetchFilm(access: SourceAccess = testAccess(), url = server.url): Promise<FetchedMaster> {
  const address = parseMasterAddress(url);
  if (address.kind === "file") throw new Error(`${url} is no address`);
  return fetchMaster(address, { workDir, access });
}

const fetchedBytes = async (...args: Parameters<typeof fetchFilm>): Promise<Buffer> => {
  const fetched = await fetchFilm(...args);
  try {
    return await readFile(fetched.path);
  } finally {
    await fetched.release();
  }
};
const left = () => readdir(join(workDir, "sources"));
const transfers = () => server.requests.filter((request) => !request.endsWith("bytes=0-0"));

/** Sends the head of the answer and a part of the body, and hangs up. */
function breakOff(response: ServerResponse, start: number, bytes: number): void {
  response.writeHead(206, {
    etag: server.etag ?? "",
    "content-range": `bytes ${start}-${film.length - 1}/${film.length}`,
    "content-length": film.length - start,
  });
  response.write(film.subarray(start, start + bytes), () => response.destroy());
}

const startOf = (range: string | undefined): number => Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1]);
const isDescription = (range: string | undefined): boolean => range === "bytes=0-0";

describe("a film at an https address", () => {
  test("comes whole, under its own name, and is gone when it is no longer needed", async () => {
    const fetched = await fetchFilm(testAccess(), `${server.url}?token=secret`);
    expect(fetched.path).toMatch(/sources\/[0-9a-f]{16}-[0-9a-f]{16}\/film\.mp4$/);
    expect((await readFile(fetched.path)).equals(film)).toBe(true);
    await fetched.discard();
    expect(await readdir(workDir)).toEqual([]);
  });

  test("is fetched once: a second run finds it, signed anew or not", async () => {
    expect((await fetchedBytes(testAccess(), `${server.url}?X-Amz-Signature=1&id=7`)).equals(film)).toBe(
      true,
    );
    expect((await fetchedBytes(testAccess(), `${server.url}?X-Amz-Signature=2&id=7`)).equals(film)).toBe(
      true,
    );
    expect(transfers()).toHaveLength(1);
  });

  test("of which a killed run left a part is gone on with", async () => {
    const { path, release } = await fetchFilm();
    await release();
    const home = join(path, "..");
    await rename(path, `${home}.partial`);
    await rm(home, { recursive: true });
    await truncate(`${home}.partial`, 1_234_567);
    expect((await fetchedBytes()).equals(film)).toBe(true);
    expect(transfers().at(-1)).toContain("bytes=1234567-");
  });

  test("that changed since is fetched anew, and the old one is removed", async () => {
    await fetchedBytes();
    server.etag = '"v2"';
    server.bytes = randomBytes(1_000_000);
    expect((await fetchedBytes()).equals(server.bytes)).toBe(true);
    expect(await left()).toHaveLength(1);
  });
});

test("connections that break anywhere, any number of times, give the same bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1_500_000 }), { maxLength: 3 }), async (breaks) => {
      workDir = await temporaryFolder();
      const pending = [...breaks];
      server.fault = ({ headers: { range } }, response) => {
        const after = isDescription(range) ? undefined : pending.shift();
        if (after === undefined) return false;
        breakOff(response, startOf(range), after);
        return true;
      };
      expect((await fetchedBytes()).equals(film)).toBe(true);
    }),
    { numRuns: 12, seed: 7 },
  );
});

describe("a server", () => {
  test("without ranges is read whole, from the start again when it breaks", async () => {
    let breaks = 1;
    server.fault = (_, response) => {
      response.writeHead(200, { "content-length": film.length });
      if (server.requests.length > 1 && breaks-- > 0)
        response.write(film.subarray(0, 900_000), () => response.destroy());
      else response.end(film);
      return true;
    };
    expect((await fetchedBytes()).equals(film)).toBe(true);
    expect(server.requests.map((request) => request.split(" ")[2])).toEqual([
      "bytes=0-0",
      "-",
      "-",
      "bytes=0-0",
    ]);
  });

  test("that does not say how much there is, is read to its end", async () => {
    server.fault = (_, response) => {
      response.writeHead(200);
      response.end(film);
      return true;
    };
    expect((await fetchedBytes()).equals(film)).toBe(true);
  });

  test.for([
    ["503 and Retry-After", 503],
    ["429", 429],
  ] as const)("that answers %s for a while is asked again", async ([, status]) => {
    let refusals = 3;
    server.fault = (_, response) => {
      if (refusals-- <= 0) return false;
      response.writeHead(status, { "retry-after": "1" }).end();
      return true;
    };
    expect((await fetchedBytes()).equals(film)).toBe(true);
  });

  test.for([
    [404, "source_not_found"],
    [403, "source_denied"],
    [500, "source_unreachable"],
    [400, "source_unreachable"],
  ] as const)("that answers %i is %s", async ([status, code]) => {
    server.fault = (_, response) => {
      response.writeHead(status).end();
      return true;
    };
    await expect(fetchFilm()).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(status === 500 ? 4 : 1);
  });

  test("that drips is given up as stalled, and what came is kept", async () => {
    server.fault = ({ headers: { range } }, response) => {
      if (isDescription(range)) return false;
      const start = startOf(range);
      response.writeHead(206, {
        etag: server.etag ?? "",
        "content-range": `bytes ${start}-${film.length - 1}/${film.length}`,
      });
      let at = start;
      const drip = setInterval(() => response.write(film.subarray(at, (at += 1))), 20);
      response.on("close", () => clearInterval(drip));
      return true;
    };
    const access = testAccess();
    access.patience = { ...access.patience, attempts: 2, stallMs: 150 };
    await expect(fetchFilm(access)).rejects.toMatchObject({ code: "stalled" });
    expect(await left()).toEqual([expect.stringMatching(/\.partial$/)]);
  });

  test("whose film changes half-way is fetched from the start", async () => {
    const other = randomBytes(film.length);
    server.fault = ({ headers: { range } }, response) => {
      if (isDescription(range) || server.etag !== '"v1"') return false;
      breakOff(response, startOf(range), 700_000);
      [server.etag, server.bytes] = ['"v2"', other];
      return true;
    };
    expect((await fetchedBytes()).equals(other)).toBe(true);
    expect(await left()).toHaveLength(1);
  });

  test("whose film changes without breaking the connection is found out at the end", async () => {
    let changes = 1;
    server.fault = ({ headers: { range } }, response) => {
      if (isDescription(range) || changes-- <= 0) return false;
      const mixed = Buffer.concat([film.subarray(0, 1_000_000), randomBytes(film.length - 1_000_000)]);
      serve({ ...server, bytes: mixed }, { headers: { range } }, response);
      server.etag = '"v2"';
      return true;
    };
    expect((await fetchedBytes()).equals(film)).toBe(true);
  });

  test("whose film never stops changing is source_changed", async () => {
    server.fault = ({ headers: { range } }) => {
      if (!isDescription(range)) server.etag = `"${server.requests.length}"`;
      return false;
    };
    await expect(fetchFilm()).rejects.toMatchObject({ code: "source_changed" });
    expect(await left()).toEqual([]);
  });
});

describe("a server that lies", () => {
  test.for([
    ["of another range", { "content-range": `bytes 5-${film.length - 1}/${film.length}` }],
    ["of another size", { "content-range": `bytes 0-${film.length - 1}/999999999` }],
    ["without Content-Range", {}],
    ["in many parts", { "content-type": "multipart/byteranges; boundary=x", "content-range": "bytes 0-1/2" }],
  ] as const)("with a 206 %s is source_not_valid", async ([, headers]) => {
    server.fault = ({ headers: { range } }, response) => {
      if (isDescription(range)) return false;
      response.writeHead(206, { etag: '"v1"', ...headers }).end(film);
      return true;
    };
    await expect(fetchFilm()).rejects.toMatchObject({ code: "source_not_valid" });
  });

  test("about the length, and ends early every time, is source_not_valid", async () => {
    server.fault = ({ headers: { range } }, response) => {
      if (isDescription(range)) return false;
      const start = startOf(range);
      response.writeHead(206, {
        etag: '"v1"',
        "content-range": `bytes ${start}-${film.length - 1}/${film.length}`,
      });
      response.end(film.subarray(start, 1_000_000));
      return true;
    };
    await expect(fetchFilm()).rejects.toMatchObject({
      code: "source_not_valid",
      message: expect.stringContaining("ends after 1000000"),
    });
  });

  test("and sends more than it said gets no more than that into the file", async () => {
    server.fault = ({ headers: { range } }, response) => {
      if (isDescription(range)) return false;
      response.writeHead(206, { etag: '"v1"', "content-range": `bytes 0-${film.length - 1}/${film.length}` });
      response.end(Buffer.concat([film, randomBytes(100_000)]));
      return true;
    };
    expect((await fetchedBytes()).equals(film)).toBe(true);
  });

  test("and sends it compressed is source_not_valid", async () => {
    server.fault = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("x");
      return true;
    };
    await expect(fetchFilm()).rejects.toMatchObject({ code: "source_not_valid" });
  });
});

describe("bounds", () => {
  test("a film that is too large is refused before a byte of it is fetched", async () => {
    await expect(fetchFilm(testAccess({ maxBytes: 2_999_999 }))).rejects.toMatchObject({
      code: "source_too_large",
    });
    expect(transfers()).toEqual([]);
  });

  test("a server that never ends is cut off", async () => {
    server.fault = (_, response) => {
      const pour = (): boolean => response.write(film, () => response.destroyed || pour());
      response.writeHead(200);
      pour();
      return true;
    };
    await expect(fetchFilm(testAccess({ maxBytes: 20_000_000 }))).rejects.toMatchObject({
      code: "source_too_large",
    });
  });

  test("a film that does not fit on the disk is no_space", async () => {
    server.fault = (_, response) => {
      response.writeHead(206, { etag: '"v1"', "content-range": "bytes 0-0/1000000000000" }).end("x");
      return true;
    };
    await expect(fetchFilm()).rejects.toMatchObject({
      code: "no_space",
      message: expect.stringContaining("needed"),
    });
  });

  test("an empty film is empty_file", async () => {
    server.bytes = Buffer.alloc(0);
    await expect(fetchFilm()).rejects.toMatchObject({ code: "empty_file" });
  });

  test("two runs do not fetch one film into one file", async () => {
    const first = await fetchFilm();
    await expect(fetchFilm()).rejects.toMatchObject({ code: "work_in_use" });
    await first.release();
  });

  test("a work folder that is a file is work_not_writable", async () => {
    workDir = join(workDir, "file");
    await writeFile(workDir, "");
    await expect(fetchFilm()).rejects.toMatchObject({ code: "work_not_writable" });
  });
});
