import type { LightMyRequestResponse } from "fastify";
import { expect } from "vitest";
import { operator, startTestPlatform, viewer, type TestPlatform } from "../../../../testing/index.ts";
import { createUsers, type Users } from "../../users/index.ts";
import { createCatalog, type Catalog, type Title } from "../index.ts";

export interface TestCatalog {
  platform: TestPlatform;
  catalog: Catalog;
  /** A signed-in viewer whose account is in a country. */
  viewerIn(country: string): Promise<ReturnType<TestPlatform["as"]>>;
  editor: ReturnType<TestPlatform["as"]>;
  /** Makes a title, and publishes it with a package when asked to. */
  make(title: Record<string, unknown>, options?: { publish?: boolean }): Promise<Title>;
}

/** A platform with users and catalog over a fresh database. */
export async function startTestCatalog(): Promise<TestCatalog> {
  let faces: { users: Users; catalog: Catalog } | undefined;
  const platform = await startTestPlatform({
    compose: (kernel) => {
      const users = createUsers(kernel);
      faces = { users, catalog: createCatalog(kernel) };
      return [users.module, faces.catalog.module];
    },
    environment: { FLIX_MODULES: "catalog" },
  });
  if (!faces) throw new Error("The platform composed no modules");
  const { users, catalog } = faces;
  const editor = platform.as(operator("publisher"));
  let accounts = 0;
  return {
    platform,
    catalog,
    editor,
    async viewerIn(country) {
      accounts += 1;
      const account = { email: `viewer-${accounts}@example.com`, name: "Ada", country };
      const { id } = await platform.kernel.units.write((unit) => users.createAccount(unit, account));
      return platform.as(viewer(id, country));
    },
    async make(title, { publish = false } = {}) {
      const made = body(await editor.post("/v1/titles", { body: { kind: "film", ...title } }), 201);
      if (!publish) return made;
      await platform.kernel.units.write((unit) =>
        catalog.setCurrentPackage(unit, made.id, { packageId: "pkg_test", durationSeconds: 60 }),
      );
      return body(await editor.post(`/v1/titles/${made.id}/publish`));
    },
  };
}

/** The title of a successful answer. */
export function body(answer: LightMyRequestResponse, status = 200): Title {
  expect(answer.statusCode, answer.body).toBe(status);
  return answer.json<Title>();
}

/** Walks a list to its end. */
export async function pages(
  client: ReturnType<TestPlatform["as"]>,
  url: string,
): Promise<{ data: Title[] }[]> {
  const walked: { data: Title[] }[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const join = url.includes("?") ? "&" : "?";
    const answer = await client.get(cursor === "" ? url : `${url}${join}cursor=${cursor}`);
    expect(answer.statusCode, answer.body).toBe(200);
    const page = answer.json<{ data: Title[]; next_cursor?: string }>();
    walked.push(page);
    cursor = page.next_cursor;
  }
  return walked;
}
