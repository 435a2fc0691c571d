import { open } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import pg from "pg";
import { expect, test } from "vitest";
import { retryAfterDatabaseFault } from "./database-faults.ts";

test.each([
  ["no server on the port", "postgres://flix@127.0.0.1:1/flix"],
  ["no server on either address of the name", "postgres://flix@localhost:1/flix"],
  ["no socket", "postgres://flix@localhost/flix?host=/nowhere"],
  ["no such name", "postgres://flix@database.invalid/flix"],
])("%s: later", async (_, connectionString) => {
  const client = new pg.Client({ connectionString });
  const error: unknown = await client.connect().catch((reason: unknown) => reason);
  expect(retryAfterDatabaseFault(error)).toBe(5);
});

test.each([
  ["57P01", 5],
  ["57P03", 5],
  ["08006", 5],
  ["53300", 5],
  ["28P01", 5],
  ["3D000", 5],
  ["25006", 5],
  ["CERT_HAS_EXPIRED", 5],
  ["40P01", 1],
  ["40001", 1],
  ["55P03", 1],
  ["23505", undefined],
  ["57014", undefined],
  ["42P01", undefined],
])("PostgreSQL's %s", (code, seconds) => {
  expect(retryAfterDatabaseFault(Object.assign(new Error("of the server"), { code }))).toBe(seconds);
});

test("a file that is missing is no database that is gone, unlike a socket", async () => {
  const file: unknown = await open("/nowhere/x").catch((error: unknown) => error);
  expect(retryAfterDatabaseFault(file)).toBeUndefined();
  const [socket]: unknown[] = await once(connect("/nowhere/x"), "error").catch((error: unknown) => [error]);
  expect(retryAfterDatabaseFault(socket)).toBe(5);
});

test.each([[undefined], [null], ["text"], [new Error("anything else")]])("%s: never", (error) => {
  expect(retryAfterDatabaseFault(error)).toBeUndefined();
});
