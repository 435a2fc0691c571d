import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../testing/clips.ts";
import { listen, testAccess } from "../../../testing/film-server.ts";
import { fetchMaster } from "./fetch-master.ts";
import { parseMasterAddress } from "./master-address.ts";
import { sourceAccess } from "./source-access.ts";

/** A machine of the inner network that must hear nothing. */
async function startCanary(host: string) {
  const heard: string[] = [];
  const url = await listen((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end("secret");
  }, host);
  return { heard, url, port: new URL(url).port };
}

async function fetchFrom(url: string, access = testAccess()) {
  const address = parseMasterAddress(url);
  if (address.kind === "file") throw new Error(`${url} is no address`);
  return fetchMaster(address, { workDir: await temporaryFolder(), access });
}

const refused = { code: "url_not_allowed" };
/** Nothing is opened: as the program is without a setting. */
const closed = sourceAccess({});

describe("a machine inside is not asked, however its address is written", () => {
  test.for([
    "127.0.0.1",
    "localhost",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "0.0.0.0",
  ])("%s", async (host) => {
    const canary = await startCanary("127.0.0.1");
    await expect(fetchFrom(`https://${host}:${canary.port}/film.mp4`, closed)).rejects.toMatchObject(refused);
    await expect(fetchFrom(`http://${host}:${canary.port}/film.mp4`, closed)).rejects.toMatchObject(refused);
    expect(canary.heard).toEqual([]);
  });

  test.for([
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[fe80::1]",
    "[fd00::1]",
    "[64:ff9b::a00:1]",
    "[2002:a00:1::]",
    "[2001:db8::1]",
    "[4000::1]",
  ])("https://%s", async (host) => {
    await expect(fetchFrom(`https://${host}/film.mp4`, closed)).rejects.toMatchObject(refused);
  });

  test("nor over plain http at a public address", async () => {
    await expect(fetchFrom("http://93.184.216.34/film.mp4", closed)).rejects.toMatchObject(refused);
  });

  test("nor as the endpoint of an s3:// address", async () => {
    const canary = await startCanary("127.0.0.1");
    for (const endpoint of [canary.url, `https://localhost:${canary.port}`]) {
      const address = `s3://bucket/film.mp4?endpoint=${encodeURIComponent(endpoint)}`;
      await expect(fetchFrom(address, closed)).rejects.toMatchObject(refused);
    }
    expect(canary.heard).toEqual([]);
  });
});

describe("a name", () => {
  const resolving = (...answers: string[][]) => {
    let asked = 0;
    return testAccess({
      resolve: async () =>
        (answers[asked++] ?? answers.at(-1) ?? []).map((address) => ({ address, family: 4 })),
    });
  };

  test("is refused when one of its addresses is inside", async () => {
    const canary = await startCanary("127.0.0.2");
    const access = resolving(["93.184.216.34", "127.0.0.2"]);
    await expect(fetchFrom(`https://film.test:${canary.port}/film.mp4`, access)).rejects.toMatchObject(
      refused,
    );
    expect(canary.heard).toEqual([]);
  });

  test("is connected to at the address that was checked, whatever it means meanwhile", async () => {
    const film = await listen((_, response) => void response.writeHead(404).end());
    // No resolver but ours knows it, so that a connection at all shows whose answer was used.
    const url = `http://film.test:${new URL(film).port}/film.mp4`;
    await expect(fetchFrom(url, resolving(["127.0.0.1"]))).rejects.toMatchObject({
      code: "source_not_found",
    });
  });

  test("that comes to mean a machine inside is refused before the next request", async () => {
    const canary = await startCanary("127.0.0.2");
    const film = await listen((request, response) => {
      response.writeHead(206, { etag: '"v1"', "content-range": "bytes 0-0/100" }).end("x");
    });
    const port = new URL(film).port;
    const rebound = resolving(["127.0.0.1"], ["127.0.0.2"]);
    await expect(fetchFrom(`http://film.test:${port}/film.mp4`, rebound)).rejects.toMatchObject(refused);
    expect(canary.heard).toEqual([]);
  });
});

describe("a redirect", () => {
  const redirecting = (location: (self: string) => string, status = 302) => {
    let self = "";
    let count = 0;
    const started = listen((_, response) => {
      count += 1;
      response.writeHead(status, { location: location(self) }).end();
    });
    return started.then((url) => {
      self = url;
      return { url: `${url}/film.mp4`, count: () => count };
    });
  };

  test.for([301, 302, 303, 307, 308])("(%i) to a machine inside is not followed", async (status) => {
    const canary = await startCanary("127.0.0.2");
    const { url } = await redirecting(() => `${canary.url}/secret`, status);
    await expect(fetchFrom(url)).rejects.toMatchObject(refused);
    expect(canary.heard).toEqual([]);
  });

  test.for(["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "data:text/plain,x"])(
    "to %s is not followed",
    async (location) => {
      const { url } = await redirecting(() => location);
      await expect(fetchFrom(url)).rejects.toMatchObject(refused);
    },
  );

  test("to itself ends after five", async () => {
    const { url, count } = await redirecting((self) => `${self}/film.mp4`);
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "too_many_redirects" });
    expect(count()).toBe(6);
  });

  test("to no address is source_not_valid", async () => {
    const { url } = await redirecting(() => "https://");
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "source_not_valid" });
  });

  test("takes a password to its own server only", async () => {
    const heard: (string | undefined)[] = [];
    const other = await listen((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    const first = await listen((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(302, { location: other }).end();
    });
    const url = first.replace("http://", "http://ann:s%40crt@");
    await expect(fetchFrom(url)).rejects.toMatchObject({ code: "source_not_found" });
    expect(heard).toEqual([`Basic ${Buffer.from("ann:s@crt").toString("base64")}`, undefined]);
  });
});

test.for([401, 403, 404, 418, 503])("what grants access is in no error of a %i", async (status) => {
  const film = await listen((_, response) => void response.writeHead(status).end());
  const url = `${film.replace("http://", "http://ann:hunter2@")}/grant-hunter2/film.mp4?sig=hunter2#hunter2`;
  const error: unknown = await fetchFrom(url).catch((error: unknown) => error);
  const { inspect } = await import("node:util");
  expect(inspect(error, { depth: 9, showHidden: true })).toContain("film.mp4");
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
});

test("a network that is none is setting_not_valid", () => {
  expect(() => sourceAccess({ FLIX_SOURCE_NETWORKS: "10.0.0.0/8, house" })).toThrow(
    expect.objectContaining({ code: "setting_not_valid" }),
  );
});
