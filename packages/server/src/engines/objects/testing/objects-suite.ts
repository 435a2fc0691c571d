import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { ObjectInfo, Objects } from "../objects.ts";
import { readObject } from "../read-object.ts";

const mebibyte = 1024 * 1024;
const options = { contentType: "text/plain" };
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** What every store owes to the modules; `many` is more than it answers at once. */
export function describeObjects(
  name: string,
  { many, open }: { many: number; open: () => Promise<Objects> },
): void {
  describe(name, () => {
    let objects: Objects;
    beforeAll(async () => {
      objects = await open();
    });
    const read = async (key: string) => (await readObject(objects, key))?.toString();
    const put = (key: string, text: string) => objects.put(key, Buffer.from(text), options);

    it.each([0, 1, 8 * mebibyte - 1, 8 * mebibyte, 20 * mebibyte])(
      "keep %i bytes, of a buffer and of a stream",
      async (sizeBytes) => {
        const bytes = randomBytes(sizeBytes);
        const pieces = Array.from({ length: Math.ceil(sizeBytes / 100_000) }, (_, index) =>
          bytes.subarray(index * 100_000, (index + 1) * 100_000),
        );
        for (const body of [bytes, Readable.from(pieces)]) {
          const key = `sizes/${sizeBytes}-${body instanceof Readable}`;
          expect(await objects.put(key, body, options)).toEqual({ key, sizeBytes });
          expect(await objects.head(key)).toEqual({ key, sizeBytes });
          expect((await readObject(objects, key))?.equals(bytes)).toBe(true);
        }
      },
    );

    it.each([0, 9 * mebibyte])(
      "are written whole, or not at all: a source that breaks after %i bytes",
      async (after) => {
        const broken = Readable.from(
          (async function* () {
            yield Buffer.alloc(after);
            yield Buffer.from("half");
            throw new Error("The source broke");
          })(),
        );
        await expect(objects.put("broken/x", broken, options)).rejects.toThrow("The source broke");
        expect(await objects.head("broken/x")).toBeUndefined();
        expect(broken.destroyed).toBe(true);
      },
    );

    it("are not written when it is called off", async () => {
      const endless = new PassThrough();
      endless.write(Buffer.alloc(9 * mebibyte));
      const off = new AbortController();
      const putting = objects.put("off/x", endless, { ...options, signal: off.signal });
      const refused = expect(putting).rejects.toThrow(/abort/i);
      off.abort();
      await refused;
      expect(await objects.head("off/x")).toBeUndefined();
    });

    it("are written by many at a time, and again, and are the same", async () => {
      const bytes = randomBytes(9 * mebibyte);
      await Promise.all(
        [1, 2, 3, 4].map((time) =>
          objects.put("again/x", time % 2 === 0 ? bytes : Readable.from([bytes]), options),
        ),
      );
      await objects.put("again/x", bytes, options);
      expect((await readObject(objects, "again/x"))?.equals(bytes)).toBe(true);
    });

    it("replace one that is not whole", async () => {
      await put("torn/x", "half of");
      await put("torn/x", "half of it was missing");
      expect(await read("torn/x")).toBe("half of it was missing");
    });

    it("are what they should be, or other bytes, or not there", async () => {
      const bytes = randomBytes(9 * mebibyte);
      const facts = { sizeBytes: bytes.length, sha256: sha256(bytes) };
      await objects.put("verify/whole", bytes, options);
      // In parts, of which a store may know no digest of the whole.
      await objects.put("verify/parts", Readable.from([bytes]), options);
      for (const key of ["verify/whole", "verify/parts"]) {
        expect(await objects.verify(key, facts)).toBe("same");
        expect(await objects.verify(key, { ...facts, sha256: sha256(Buffer.alloc(1)) })).toBe("other");
        expect(await objects.verify(key, { ...facts, sizeBytes: 1 })).toBe("other");
      }
      expect(await objects.verify("verify/nothing", facts)).toBe("none");
    });

    it("answer ranges, and what lies outside", async () => {
      await put("range/x", "0123456789");
      const part = async (range: Parameters<Objects["open"]>[1]) => {
        const opened = await objects.open("range/x", range);
        if (opened?.state !== "open") return opened;
        const { start, end } = opened.range;
        return [`${start}-${end}/${opened.sizeBytes}`, Buffer.concat(await opened.body.toArray()).toString()];
      };
      expect(await part(undefined)).toEqual(["0-9/10", "0123456789"]);
      expect(await part({ start: 2, end: 4 })).toEqual(["2-4/10", "234"]);
      expect(await part({ start: 7 })).toEqual(["7-9/10", "789"]);
      expect(await part({ start: 7, end: 99 })).toEqual(["7-9/10", "789"]);
      expect(await part({ last: 3 })).toEqual(["7-9/10", "789"]);
      expect(await part({ last: 99 })).toEqual(["0-9/10", "0123456789"]);
      for (const range of [{ start: 10 }, { start: 10, end: 20 }, { last: 0 }]) {
        expect(await part(range)).toEqual({ state: "outside", sizeBytes: 10 });
      }
      expect(await objects.open("range/y", { start: 1 })).toBeUndefined();
      expect(await objects.open("range")).toBeUndefined();
    });

    it("can be left half read", async () => {
      const bytes = randomBytes(4 * mebibyte);
      await objects.put("left/x", bytes, options);
      const opened = await objects.open("left/x");
      if (opened?.state !== "open") throw new Error("It is not there");
      await once(opened.body, "readable");
      opened.body.destroy();
      await once(opened.body, "close");
      expect((await readObject(objects, "left/x"))?.equals(bytes)).toBe(true);
    });

    it("get a second name, which stays when the first goes", async () => {
      await put("one/x e+(1)&.txt", "shared");
      expect(await objects.link("one/x e+(1)&.txt", "two/deep/y")).toBe(true);
      expect(await objects.link("one/x e+(1)&.txt", "two/deep/y")).toBe(true);
      await objects.deleteUnder("one");
      expect(await objects.head("one/x e+(1)&.txt")).toBeUndefined();
      expect(await read("two/deep/y")).toBe("shared");
      expect(await objects.link("one/x", "three")).toBe(false);
      expect(await objects.head("three")).toBeUndefined();
    });

    describe("joined", () => {
      const stage = async (...sizes: number[]) => {
        const bytes = randomBytes(sizes.reduce((sum, size) => sum + size, 0));
        const sources: ObjectInfo[] = [];
        let at = 0;
        for (const size of sizes) {
          sources.push(
            await objects.put(`parts/${sha256(bytes)}/${at}`, bytes.subarray(at, at + size), options),
          );
          at += size;
        }
        return { bytes, sources };
      };

      it.each([
        ["large parts", [6 * mebibyte, 5 * mebibyte, 10]],
        ["small parts", [10, 6 * mebibyte, 10, 6 * mebibyte]],
        ["one part", [10]],
      ])("are their bytes in order: %s", async (name, sizes) => {
        const { bytes, sources } = await stage(...sizes);
        const key = `joined/${name.replace(" ", "-")}`;
        expect(await objects.join(key, sources, { ...options, sha256: sha256(bytes) })).toBe(true);
        expect((await readObject(objects, key))?.equals(bytes)).toBe(true);
        expect(await objects.join(key, sources, { ...options, sha256: sha256(bytes) })).toBe(true);
      });

      it.each([[[6 * mebibyte, 10]], [[10, 10]]])(
        "are nothing when they have another digest: %o",
        async (sizes) => {
          const { bytes, sources } = await stage(...sizes);
          const swapped = sources.toReversed();
          expect(await objects.join("joined/differs", swapped, { ...options, sha256: sha256(bytes) })).toBe(
            false,
          );
          expect(await objects.head("joined/differs")).toBeUndefined();
        },
      );

      it("throw when one is gone", async () => {
        const { bytes, sources } = await stage(6 * mebibyte, 10);
        await objects.delete(sources[1]?.key ?? "");
        await expect(
          objects.join("joined/gone", sources, { ...options, sha256: sha256(bytes) }),
        ).rejects.toThrow();
        expect(await objects.head("joined/gone")).toBeUndefined();
      });
    });

    it("are listed and deleted by what their keys begin with, however many", async () => {
      const names = Array.from({ length: many }, (_, index) => `many/deep/${index % 7}/${index}`);
      await mapTogether([...names, "many/deeper", "many/other/x"], 64, (key) => put(key, key));
      const listed = async (prefix: string) => {
        const found: ObjectInfo[] = [];
        for await (const object of objects.list(prefix)) found.push(object);
        return found;
      };
      expect((await listed("many/deep")).toSorted((one, other) => (one.key < other.key ? -1 : 1))).toEqual(
        names.toSorted().map((key) => ({ key, sizeBytes: key.length })),
      );
      await objects.deleteUnder("many/deep");
      expect((await listed("many")).map(({ key }) => key).toSorted()).toEqual([
        "many/deeper",
        "many/other/x",
      ]);
      expect(await listed("nothing")).toEqual([]);
      await objects.deleteUnder("nothing");
      await objects.delete("nothing/x");
    });

    it("refuse keys that lead elsewhere", async () => {
      for (const key of ["../x", "a/../../x", "/etc/passwd", "a//b", ".hidden", "a\\b", "a\0b", ""]) {
        await expect(async () => objects.head(key)).rejects.toMatchObject({ code: "invalid_request" });
      }
    });

    it("say that they can be used", () => objects.check());
  });
}
