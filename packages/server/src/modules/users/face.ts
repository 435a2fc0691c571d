import type { OperatorRole } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import { hashClientSecret, newClientSecret } from "./client-secrets.ts";
import type { UsersContext } from "./context.ts";
import { openAccount } from "./new-account.ts";
import { hashPassword } from "./password.ts";
import {
  ensureClient,
  ensureFirstOperator,
  provisionLocalOperator,
  type ProvisionedClient,
} from "./provisioning.ts";
import { findAccount } from "./store/accounts.ts";
import { insertClient } from "./store/clients.ts";
import { insertOperator } from "./store/operators.ts";
import { findProfile } from "./store/profiles.ts";
import type { AccountState } from "./tables.ts";

/** What other modules and the composition root may call. */
export interface UsersFace {
  getViewer(unit: Unit, accountId: string): Promise<Viewer | undefined>;
  getProfile(unit: Unit, profileId: string): Promise<Profile | undefined>;
  createAccount(unit: Unit, account: NewAccount): Promise<{ id: string; profileId: string }>;
  createOperator(unit: Unit, operator: NewOperator): Promise<{ id: string }>;
  createClient(
    unit: Unit,
    client: { name: string; scopes: readonly string[] },
  ): Promise<{ clientId: string; clientSecret: string }>;
  /** Makes the first admin of an empty platform and tells the password this once; undefined when there is an operator. */
  ensureFirstOperator(
    unit: Unit,
    operator: { email: string; name: string; password?: string },
  ): Promise<{ email: string; password: string } | undefined>;
  /** A machine client of the platform's own, found again by its name; its secret is a new one each time. */
  ensureClient(unit: Unit, client: { name: string; scopes: readonly string[] }): Promise<ProvisionedClient>;
  /** The machine client behind `flix up`'s local context: an admin's scopes, a new secret at each start. */
  provisionLocalOperator(unit: Unit): Promise<ProvisionedClient>;
}

export interface Viewer {
  id: string;
  state: AccountState;
  country: string;
  language: string;
  email: string;
  name: string;
  createdAt: Date;
}

export interface Profile {
  id: string;
  accountId: string;
  name: string;
  language: string;
  maturityLimit: number;
  isChild: boolean;
}

export interface NewAccount {
  email: string;
  /** Left out: nobody can sign in until one is set. */
  password?: string;
  name: string;
  country: string;
  language?: string;
}

export interface NewOperator {
  email: string;
  password: string;
  name: string;
  role: OperatorRole;
}

export function createFace(context: UsersContext): UsersFace {
  return {
    async getViewer(unit, accountId) {
      const row = await findAccount(unit, context, accountId);
      if (!row) return undefined;
      const { id, state, country, language, email, name, created_at: createdAt } = row;
      return { id, state, country, language, email, name, createdAt };
    },
    async getProfile(unit, profileId) {
      const row = await findProfile(unit, context, profileId);
      if (!row) return undefined;
      const { id, account_id: accountId, name, language, maturity_limit, is_child } = row;
      return { id, accountId, name, language, maturityLimit: maturity_limit, isChild: is_child };
    },
    async createAccount(unit, { password, language = "en", ...draft }) {
      const passwordHash = password === undefined ? null : await hashPassword(password);
      const { account, profile } = await openAccount(unit, context, { ...draft, language, passwordHash });
      return { id: account.id, profileId: profile.id };
    },
    async createOperator(unit, { password, ...draft }) {
      const passwordHash = await hashPassword(password);
      const { id } = await insertOperator(unit, context, { ...draft, passwordHash });
      return { id };
    },
    async createClient(unit, { name, scopes }) {
      const clientSecret = newClientSecret();
      const secret_hash = hashClientSecret(clientSecret);
      const { id } = await insertClient(unit, context, { name, scopes: [...scopes], secret_hash });
      return { clientId: id, clientSecret };
    },
    ensureFirstOperator: (unit, operator) => ensureFirstOperator(unit, context, operator),
    ensureClient: (unit, client) => ensureClient(unit, context, client),
    provisionLocalOperator: (unit) => provisionLocalOperator(unit, context),
  };
}
