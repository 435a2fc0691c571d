import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** Path segments, encoded as they stand in the path; none of them climbs out of its place. */
export const strangeSegments = fc.oneof(
  fc.constantFrom("%00", "%ff", "%zz", "%ED%A0%80", "%0d%0a", "a%2fb", "%252e%252e", "'%20or%201=1--"),
  fc.constantFrom("null", "-1", "0", "1e9", "9".repeat(20), "x".repeat(600), "%F0%9F%90%B0", "a;b=c"),
  fc.constantFrom("ttl_0", `ttl_${"0".repeat(26)}`, `TTL_${"0".repeat(26)}`),
  fc.string({ minLength: 3, maxLength: 40 }).map(encodeURIComponent),
);

/** What stands behind a query as it is. */
export const strangeQueryEnds = fc.constantFrom(
  "&page_size=1&page_size=2",
  "&%zz=1",
  "&=&&=",
  "&a[b]=c",
  "&__proto__=x",
);

export const strangeTexts = fc.oneof(
  fc.constantFrom("", " ", "\0", "\u202e", "null", "undefined", "[object Object]", "%00", "\\", "%", "_"),
  fc.constantFrom("-1", "0", "1e308", "Infinity", "NaN", "0x10", "9".repeat(30), "x".repeat(5000)),
  fc.constantFrom("' or 1=1 --", "../../etc/passwd", "2026-13-45T99:99:99Z"),
  fc.string({ unit: "binary" }),
);

/** Cursors are not signed: these have the shape of some list's, with values that no list has. */
export const strangeCursors = fc
  .array(
    fc.oneof(
      fc.constantFrom<fc.JsonValue>(
        "",
        "\0",
        "\ud800",
        "x",
        "2026-99-99T00:00:00.000Z",
        "infinity",
        "A film",
      ),
      fc.constantFrom<fc.JsonValue>(null, true, -1, 0, 0.5, 3, 1e300, -1e300, 9e15, 1_790_000_000_000),
      fc.constantFrom<fc.JsonValue>("2026-01-01T00:00:00.000Z", "ttl_01k9v3c4x5e6f7g8h9j0kmnpqr"),
      fc.jsonValue({ maxDepth: 1 }),
    ),
    { maxLength: 3 },
  )
  .map((values) => Buffer.from(JSON.stringify(values)).toString("base64url"));

const mediaTypes = fc.oneof(
  fc.constantFrom("application/json; charset=utf-16", "application/json, text/plain", "APPLICATION/JSON"),
  fc.constantFrom(
    "application/merge-patch+json",
    "application/xml",
    "application/octet-stream",
    "text/plain",
  ),
  fc.constantFrom(
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
  ),
  fc.constantFrom("image/png", "image/svg+xml", "json", ";"),
);

const words = fc.oneof(fc.constantFrom("", "*", '"1"', 'W/"1"', '"', "x".repeat(300), "é"), fc.string());

/** Of the characters that a header may have. */
export const strangeHeaders = fc
  .record(
    {
      "content-type": mediaTypes,
      "content-encoding": fc.constantFrom("gzip", "br", "identity", "gzip, gzip"),
      "if-match": words,
      "idempotency-key": words,
      "content-digest": words,
      "last-event-id": words,
      accept: fc.constantFrom("text/html", "application/xml;q=0.9", "x"),
      range: fc.constant("bytes=0-0"),
    },
    { requiredKeys: [] },
  )
  .map((sent) =>
    Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [
        name,
        value.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, "?").trim(),
      ]),
    ),
  );

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

export const strangeBodies = fc
  .oneof(
    fc.constantFrom<string | Buffer>(
      "",
      " ",
      "null",
      "[]",
      "7",
      '"x"',
      "1e999",
      "{",
      "NaN",
      "<x/>",
      "{'a':1}",
    ),
    fc.constantFrom<string | Buffer>(
      '{"a":1,"a":2}',
      "\ufeff{}",
      '{"\\ud800":1}',
      `{"a":"${"x".repeat(100_000)}"}`,
    ),
    fc.constantFrom<string | Buffer>(
      '{"__proto__":{"role":"admin"}}',
      '{"constructor":{"prototype":{"a":1}}}',
    ),
    fc.constantFrom<string | Buffer>(nested(10_000), `{"title":${nested(10_000)}}`),
    fc.constantFrom<string | Buffer>(Buffer.from([0xff, 0xfe, 0x00]), gzipSync("{}"), Buffer.alloc(1000)),
  )
  .map((body) => Buffer.from(body));

export const strangeValues = fc.oneof(
  fc.constantFrom<fc.JsonValue>(
    null,
    true,
    -1,
    0,
    0.5,
    -0,
    1e308,
    2 ** 53,
    2 ** 31,
    [],
    {},
    { role: "admin" },
    [[[[]]]],
  ),
  fc.constantFrom<fc.JsonValue>("", " ", "\0", "\ud800", "a\ud800b", "2026-13-45T99:99:99Z", "ttl_0"),
  fc.constantFrom<fc.JsonValue>("x".repeat(100_000), Array(2000).fill(0)),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary" }),
);
