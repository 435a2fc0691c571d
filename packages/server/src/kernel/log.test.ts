import { expect, test } from "vitest";
import { createLog } from "./log.ts";

const secretNames = [
  "password",
  "token",
  "access_token",
  "refresh_token",
  "client_secret",
  "authorization",
  "cookie",
  "secret",
];

test.each(secretNames)("%s is never written, down to three levels", (name) => {
  const { lines, log } = catchLines();
  const canary = "c4n4ry";
  log.info({ [name]: canary, body: { [name]: canary }, request: { headers: { [name]: canary } } }, "request");
  log.child({ [name]: canary }).info("of a child");
  expect(lines.join("")).not.toContain(canary);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ [name]: "[redacted]", body: { [name]: "[redacted]" } });
});

test("hostile text stays one line of JSON", () => {
  const { lines, log } = catchLines();
  const title = 'a\r\n{"level":"error"}\u001B[31m\u2028\0"';
  log.warn({ title }, title);
  expect(lines).toHaveLength(1);
  const [line = ""] = lines;
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(line).not.toContain("\u001B");
  expect(JSON.parse(line)).toMatchObject({ level: "warn", title, msg: title });
});

test("an error is written with its cause, its time in RFC 3339, and no process's name", () => {
  const { lines, log } = catchLines();
  log.error({ err: new Error("request failed", { cause: new Error("connection refused") }) }, "failed");
  const line = JSON.parse(lines[0] ?? "");
  expect(line.err.stack).toContain("connection refused");
  expect(new Date(line.time).toISOString()).toBe(line.time);
  expect(line).not.toHaveProperty("pid");
});

test("of a database's error the row that failed is left out, wherever the error stands", () => {
  const { lines, log } = catchLines();
  const row = Object.assign(new Error("violates check constraint"), {
    code: "23514",
    detail: "Failing row contains (c4n4ry).",
    where: "COPY accounts, line 1: c4n4ry",
  });
  log.error({ err: row }, "request failed");
  log.error({ error: row }, "lost an idle database connection");
  log.error({ err: new AggregateError([row, new Error("a listener failed", { cause: row })]) }, "events");
  expect(lines.join("")).not.toContain("c4n4ry");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    err: { code: "23514", message: "violates check constraint" },
  });
});

test("lines below the level are left out", () => {
  const { lines, log } = catchLines("warn");
  log.info("request");
  expect(lines).toEqual([]);
});

function catchLines(level = "info") {
  const lines: string[] = [];
  return { lines, log: createLog(level, { write: (line) => void lines.push(line) }) };
}
