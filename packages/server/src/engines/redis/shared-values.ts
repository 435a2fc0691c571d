import { createHash } from "node:crypto";
import type { RedisLink } from "./link.ts";

export interface SharedValue {
  value: Buffer;
  leftMs: number;
}

/** Values that processes share for a while; who loses the link shares nothing, and fails at nothing. */
export interface SharedValues {
  /** Undefined also when nobody answers. */
  get(name: string): Promise<SharedValue | undefined>;
  /** Keeps it for `ms` from now; does not wait. */
  set(name: string, value: Buffer | string, ms: number): void;
}

/** `kind` begins the keys; names are hashed, as they may be long and tell who asked. */
export function shareValues(link: RedisLink, kind: string): SharedValues {
  const keyOf = (name: string) =>
    link.key(`${kind}:${createHash("sha256").update(name).digest("base64url").slice(0, 32)}`);
  return {
    async get(name) {
      if (!link.isUp) return undefined;
      const key = keyOf(name);
      const asked = [link.command(["GET", key]), link.command(["PTTL", key])] as const;
      const [value, leftMs] = await Promise.all(asked).catch(() => []);
      if (!Buffer.isBuffer(value) || typeof leftMs !== "number" || leftMs <= 0) return undefined;
      return { value, leftMs };
    },
    set(name, value, ms) {
      if (!link.isUp || ms < 1) return;
      link.command(["SET", keyOf(name), value, "PX", String(Math.floor(ms))]).catch(() => {});
    },
  };
}
