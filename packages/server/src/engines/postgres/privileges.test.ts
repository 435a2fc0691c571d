import { chmod, chown, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findBinaries } from "./binaries.ts";
import { startEmbeddedPostgres } from "./embedded.ts";
import { choosePrivileges } from "./privileges.ts";
import { run } from "./run.ts";

const { postgres } = await findBinaries();
const isRoot = process.getuid?.() === 0;
/** A user that every system has besides root and nobody. */
const DAEMON = { uid: 1, gid: 1 };

let home: string;
let directory: string;

/** The home is of mode 700 and root's, until a test gives it away. */
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "flix-home-"));
  directory = join(home, ".flix", "postgres");
  await mkdir(directory, { recursive: true });
});

afterEach(() => rm(home, { recursive: true }));

if (isRoot) describe("root", root);
else describe("not root", ordinaryUser);

function root() {
  test("hands over to nobody where nobody can come", async () => {
    directory = await mkdtemp(join(tmpdir(), "flix-open-"));
    const { prefix, identity, owner, peer } = await choose();
    expect({ prefix, peer }).toEqual({ prefix: [], peer: "root" });
    expect(identity.uid).toBeGreaterThan(0);
    expect(owner).toEqual(identity);
    await startAndStop();
    expect((await stat(join(directory, "data"))).uid).toBe(identity.uid);
    await rm(directory, { recursive: true });
  });

  test("leaves a folder to the user to whom it belongs", async () => {
    await chown(home, DAEMON.uid, DAEMON.gid);
    await chown(directory, DAEMON.uid, DAEMON.gid);
    expect(await choose()).toMatchObject({ prefix: [], identity: DAEMON, owner: DAEMON });
  });

  test("becomes the owner of a home that nobody else may enter", async () => {
    await chown(home, DAEMON.uid, DAEMON.gid);
    expect(await choose()).toMatchObject({ prefix: [], identity: DAEMON, owner: DAEMON });
    await startAndStop();
    expect((await stat(join(directory, "data"))).uid).toBe(DAEMON.uid);
  });

  test("takes a user namespace under its own home, or says what to do where the system forbids that", async () => {
    if ((await run("unshare", ["--user", "true"], {})).status === 0) {
      expect(await choose()).toMatchObject({ prefix: expect.arrayContaining(["unshare"]), identity: {} });
      await startAndStop();
      expect((await stat(join(directory, "data"))).uid).toBe(0);
    } else {
      const message = expect.stringMatching(/ordinary user.*DATABASE_URL/);
      await expect(choose()).rejects.toMatchObject({ code: "postgres_privileges", message });
    }
  });

  test("takes over the data where another user has to run it now", async () => {
    await chown(home, DAEMON.uid, DAEMON.gid);
    await startAndStop();
    await chown(home, 0, 0);
    await chmod(home, 0o755);
    await chown(directory, 0, 0);
    const { owner } = await choose();
    expect(owner?.uid).not.toBe(DAEMON.uid);
    await startAndStop();
    expect((await stat(join(directory, "data", "base"))).uid).toBe(owner?.uid);
  });
}

function ordinaryUser() {
  test("an ordinary user runs it as they are", async () => {
    expect(await choose()).toMatchObject({ prefix: [], identity: {}, peer: userInfo().username });
  });
}

test("a program that does not run here is named", async () => {
  const broken = choosePrivileges({ directory, parents: [], postgres: "/nowhere/postgres" });
  await expect(broken).rejects.toMatchObject({ message: expect.stringContaining("/nowhere/postgres") });
});

test("a platform without a package is told what to do", async () => {
  await expect(findBinaries("sunos-sparc")).rejects.toMatchObject({
    code: "postgres_binaries_missing",
    message: expect.stringMatching(/sunos-sparc.*linux-x64.*DATABASE_URL/),
  });
});

function choose() {
  return choosePrivileges({ directory, parents: [dirname(directory)], postgres });
}

async function startAndStop(): Promise<void> {
  await (await startEmbeddedPostgres({ directory })).stop();
}
