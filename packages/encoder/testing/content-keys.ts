import { createHash } from "node:crypto";
import { keyIdOf } from "../src/protection/content-key.ts";
import { clearKeySignal } from "../src/protection/drm-signal.ts";
import type { ContentKeys, KeyRequest, KeyServer } from "../src/protection/key-server.ts";

export interface TestKeyServer extends KeyServer {
  asked: KeyRequest[];
  /** What it told last. */
  told(): ContentKeys;
}

/** Keys that are drawn from a word, so that a test knows them again wherever they turn up. */
export function keyServerOf(word: string): TestKeyServer {
  const draw = (what: string) => createHash("sha256").update(`${word} ${what}`).digest().subarray(0, 16);
  const asked: KeyRequest[] = [];
  let told: ContentKeys | undefined;
  return {
    contentId: word,
    asked,
    told() {
      if (!told) throw new Error("Nobody has asked for keys");
      return told;
    },
    async contentKeys(request) {
      asked.push(request);
      const { scheme, tiers } = request;
      const keys = tiers.map((tier) => ({
        tier,
        keyId: keyIdOf(draw(`id ${tier}`)),
        key: draw(`key ${tier}`),
      }));
      const signals = keys.map(({ keyId }) => clearKeySignal(keyId, scheme));
      const keySystems = ["org.w3.clearkey"] as const;
      told = { scheme, keys, signals, keySystems, keySetId: "kst_01k9v3c4x5e6f7g8h9j0kmnpqr" };
      return told;
    },
  };
}
