import { errors, type Adapter, type AdapterPayload } from "oidc-provider";
import type { Units } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import type { Seal } from "../../../kernel/sealing.ts";
import { findClient } from "../store/clients.ts";
import {
  consumeOauthRecord,
  findOauthRecord,
  removeGrant,
  removeOauthRecord,
  removeRecordsOfGrant,
  upsertOauthRecord,
  type OauthRecordKey,
} from "../store/oauth-records.ts";

export interface AdapterOptions {
  units: Units;
  context: UsersContext;
  seal: Seal;
}

/** Where the provider keeps what it must remember, by its model's name; machine clients are read from their table. */
export function createAdapter(model: string, options: AdapterOptions): Adapter {
  return model === "Client" ? clientAdapter(options) : recordAdapter(model, options);
}

function recordAdapter(model: string, { units, context, seal }: AdapterOptions): Adapter {
  const find = async (key: OauthRecordKey) => {
    const record = await findOauthRecord(units.read(), context, model, key);
    if (!record) return undefined;
    const payload = parsePayload(seal.open(record.payload, ownerOf(model, record.id_hash)));
    return record.consumed_at === null ? payload : { ...payload, consumed: epochSeconds(record.consumed_at) };
  };
  return {
    find: (id) => find({ id_hash: seal.hash(id) }),
    findByUid: (uid) => find({ uid }),
    findByUserCode: (userCode) => find({ user_code_hash: seal.hash(userCode) }),
    async upsert(id, payload, expiresIn) {
      const idHash = seal.hash(id);
      const { accountId, grantId, uid, userCode } = payload;
      await units.write((unit) =>
        upsertOauthRecord(unit, context, {
          model,
          id_hash: idHash,
          payload: seal.seal(payload, ownerOf(model, idHash)),
          holder_id: accountId ?? null,
          grant_id: grantId ?? null,
          uid: uid ?? null,
          user_code_hash: userCode === undefined ? null : seal.hash(userCode),
          expires_at: new Date(context.clock.now().getTime() + (expiresIn ?? longestLifeSeconds) * 1000),
        }),
      );
    },
    async consume(id) {
      const won = await units.write((unit) => consumeOauthRecord(unit, context, model, seal.hash(id)));
      if (won) return;
      // The provider looks before it consumes, so of two uses at the same time the second one is a replay like any
      // other: what the first one got ends too.
      const grantId = (await find({ id_hash: seal.hash(id) }))?.grantId;
      if (grantId !== undefined) {
        await units.write((unit) => removeGrant(unit, context, grantId, seal.hash(grantId)));
      }
      throw new errors.InvalidGrant("it was used already");
    },
    destroy: (id) => units.write((unit) => removeOauthRecord(unit, context, model, seal.hash(id))),
    revokeByGrantId: (grantId) => units.write((unit) => removeRecordsOfGrant(unit, context, model, grantId)),
  };
}

/** The provider gives a life to everything but what it is told to keep for good, which we never do. */
const longestLifeSeconds = 366 * 86_400;

const clientIdPattern = /^cli_[0-9a-hjkmnp-tv-z]{26}$/;

function clientAdapter({ units, context }: AdapterOptions): Adapter {
  const refuse = () => Promise.reject(new Error("Clients are made by the createMachineClient operation"));
  return {
    async find(id) {
      if (!clientIdPattern.test(id)) return undefined;
      const client = await findClient(units.read(), context, id);
      if (!client) return undefined;
      return {
        client_id: client.id,
        client_name: client.name,
        // Only the hash is known; the provider is told how to compare with it.
        client_secret: client.secret_hash.toString("hex"),
        token_endpoint_auth_method: "client_secret_basic",
        grant_types: ["client_credentials"],
        response_types: [],
        redirect_uris: [],
        [clientScopes]: client.scopes.join(" "),
      };
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

/** The metadata that carries what a machine client may ask for. */
export const clientScopes = "flix_scopes";

function ownerOf(model: string, idHash: Buffer): string {
  return `${model}:${idHash.toString("hex")}`;
}

function epochSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

function parsePayload(value: unknown): AdapterPayload {
  if (isPayload(value)) return value;
  throw new Error("A stored OAuth record is damaged");
}

function isPayload(value: unknown): value is AdapterPayload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
