import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cpix } from "./cpix.ts";
import { usageRule } from "./cpix.ts";
import { keyTiers } from "./content-key.ts";
import { largestCpix, readCpix } from "./read-cpix.ts";
import { writeCpix } from "./write-cpix.ts";

const notValid = (reason: string) => new Error(reason);
const read = (xml: string) => readCpix(xml, notValid);

const bytes = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
const keyId = fc.uuid();
/** Whatever a content management system may use as an id, markup and quotes among it; XML has no control characters. */
const words = fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => text.replaceAll(/\p{Cc}/gu, ""));
const optional = { requiredKeys: ["keyId", "systemId"] as ["keyId", "systemId"] };

const documents: fc.Arbitrary<Cpix> = fc.record({
  contentId: words,
  keys: fc.array(
    fc.record(
      { keyId, scheme: fc.constantFrom("cenc" as const, "cbcs" as const), key: bytes(16), iv: bytes(16) },
      { requiredKeys: ["keyId", "scheme"] },
    ),
    { maxLength: 5 },
  ),
  drmSystems: fc.array(
    fc.record(
      {
        keyId,
        systemId: fc.uuid(),
        pssh: bytes(0, 200),
        contentProtection: words,
        hlsMedia: words,
        hlsMaster: words,
      },
      optional,
    ),
    { maxLength: 6 },
  ),
  usageRules: fc.array(
    fc.tuple(keyId, fc.constantFrom(...keyTiers)).map(([id, tier]) => usageRule({ keyId: id, tier })),
    { maxLength: 5 },
  ),
});

describe("a CPIX document", () => {
  it("is read as it was written, whatever it holds", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(read(writeCpix(document))).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });

  it("of any other prefix, with comments and line breaks, is the same document", () => {
    const xml = `<?xml version="1.0"?><!-- from a key server -->
      <CPIX xmlns="urn:dashif:org:cpix" xmlns:p="urn:ietf:params:xml:ns:keyprov:pskc" contentId="a &amp; b" version="2.3">
        <ContentKeyList><ContentKey kid="98EE5596-CD3E-A20D-163A-E382420C6EFF" commonEncryptionScheme="cbcs"
          explicitIV="OFj2IjCsPJFfMAxmQxLGPw=="><Data><p:Secret><p:PlainValue>
          5dGAgwGuUYu4dHeHtNlxJw==
        </p:PlainValue></p:Secret></Data></ContentKey></ContentKeyList>
      </CPIX>`;
    expect(read(xml)).toEqual({
      contentId: "a & b",
      keys: [
        {
          keyId: "98ee5596-cd3e-a20d-163a-e382420c6eff",
          scheme: "cbcs",
          key: Buffer.from("5dGAgwGuUYu4dHeHtNlxJw==", "base64"),
          iv: Buffer.from("OFj2IjCsPJFfMAxmQxLGPw==", "base64"),
        },
      ],
      drmSystems: [],
      usageRules: [],
    });
  });
});

const id = "98ee5596-cd3e-a20d-163a-e382420c6eff";
const around = (content: string) => `<CPIX contentId="x">${content}</CPIX>`;
const key = (content: string, attributes = `kid="${id}" commonEncryptionScheme="cenc"`) =>
  around(
    `<ContentKeyList><ContentKey ${attributes}><Data><Secret>${content}</Secret></Data></ContentKey></ContentKeyList>`,
  );
const laughs = Array.from({ length: 10 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join(
  "",
);

describe("what is no CPIX document", () => {
  it.each<[string, string, RegExp]>([
    ["a billion laughs", `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${around("&l10;")}`, /document type/],
    [
      "a file by an entity",
      `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${around("&f;")}`,
      /document type/,
    ],
    ["an entity without a document type", `<!ENTITY f "x">${around("")}`, /document type/],
    ["nothing", "", /not XML|no element/],
    ["a page", "<html><body>502</body></html>", /root is <html>/],
    ["half a document", around("").slice(0, -3), /not XML/],
    ["a JSON answer", '{"error":"no"}', /not XML|no element/],
    ["a document that is too large", around(`<x>${"y".repeat(largestCpix)}</x>`), /too large/],
    ["nesting without end", around("<a>".repeat(5_000) + "</a>".repeat(5_000)), /not XML/],
    ["a key of 8 bytes", key("<PlainValue>AAAAAAAAAAA=</PlainValue>"), /8 bytes instead of 16/],
    ["a key that is not base64", key("<PlainValue>not a key at all!</PlainValue>"), /not base64/],
    ["a key without an id", key("", 'commonEncryptionScheme="cenc"'), /no kid/],
    ["a key id that is none", key("", 'kid="../../etc" commonEncryptionScheme="cenc"'), /no kid/],
    ["another encryption scheme", key("", `kid="${id}" commonEncryptionScheme="cens"`), /scheme cens/],
    ["a key encrypted to a certificate", key("<EncryptedValue>x</EncryptedValue>"), /certificate/],
  ])("%s is refused with the reason", (_, xml, reason) => {
    expect(() => read(xml)).toThrow(reason);
  });

  it("is refused in no time, however it was spoiled", () => {
    const good = writeCpix({
      contentId: "film",
      keys: [{ keyId: id, scheme: "cbcs", key: Buffer.alloc(16, 7) }],
      drmSystems: [{ keyId: id, systemId: id, pssh: Buffer.alloc(40, 1), hlsMedia: "#EXT-X-KEY:" }],
      usageRules: [],
    });
    const spoiled = fc.tuple(fc.nat(good.length), fc.nat(20), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(spoiled, ([at, length, text]) => {
        const xml = good.slice(0, at) + text + good.slice(at + length);
        const began = performance.now();
        try {
          read(xml);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        expect(performance.now() - began).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
  });
});
