import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { sql, type QueryExecutorProvider } from "kysely";
import type { Clock } from "./clock.ts";
import { FlixError } from "./errors.ts";
import { principalKey, type Principal } from "./security.ts";

const keptHours = 24;

export interface StoredAnswer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

export interface IdempotentRequest {
  key: string;
  principal: Principal;
  operationId: string;
  /** Everything that makes the request what it is: parameters and body. */
  payload: unknown;
}

/**
 * Runs `work` once for a key. The record is written in the same transaction as the change, so either both are there or
 * neither is; an advisory lock held by that transaction tells that the first request is still in flight, and goes with
 * it when the process dies.
 */
export async function once(
  queries: QueryExecutorProvider,
  request: IdempotentRequest,
  clock: Clock,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const scope = `${principalKey(request.principal)}\n${request.key}`;
  const hash = createHash("sha256").update(scope).digest();
  // Keyed, since a payload may hold a password that a plain hash would let one guess.
  const fingerprint = createHmac("sha256", sealingKey(scope))
    .update(JSON.stringify([request.operationId, request.payload]))
    .digest();
  const { rows: locks } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${hash.readBigInt64BE(0).toString()}::bigint) as taken`.execute(queries);
  if (locks[0]?.taken !== true)
    throw new FlixError("idempotency_in_flight", { headers: { "retry-after": "1" } });

  const now = clock.now();
  const { rows } = await sql<{ fingerprint: Buffer; answer: Buffer }>`
    select fingerprint, answer from kernel.idempotency_keys
    where key_hash = ${hash} and created_at > ${keptSince(now)}`.execute(queries);
  const [known] = rows;
  if (known) {
    if (!known.fingerprint.equals(fingerprint)) throw new FlixError("idempotency_key_reused");
    return { ...open(known.answer, scope), replayed: true };
  }

  const answer = await work();
  await sql`insert into kernel.idempotency_keys (key_hash, fingerprint, answer, created_at)
    values (${hash}, ${fingerprint}, ${seal(answer, scope)}, ${now})
    on conflict (key_hash) do update set fingerprint = excluded.fingerprint, answer = excluded.answer,
      created_at = excluded.created_at`.execute(queries);
  return { ...answer, replayed: false };
}

/** Forgets keys that are no longer kept; a background job of every database. */
export async function forgetIdempotencyKeys(queries: QueryExecutorProvider, clock: Clock): Promise<void> {
  await sql`delete from kernel.idempotency_keys where created_at <= ${keptSince(clock.now())}`.execute(
    queries,
  );
}

function keptSince(now: Date): Date {
  return new Date(now.getTime() - keptHours * 3_600_000);
}

/** AES-256-GCM under a key derived from the idempotency key: 12 bytes nonce, 16 bytes tag, ciphertext. */
function seal(answer: StoredAnswer, scope: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", sealingKey(scope), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(answer), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

function open(sealed: Buffer, scope: string): StoredAnswer {
  const decipher = createDecipheriv("aes-256-gcm", sealingKey(scope), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString("utf8"));
}

function sealingKey(scope: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", scope, "", "flix idempotency answer", 32));
}
