import type { ColumnType, Generated } from "kysely";
import type { OperatorRole } from "../../kernel/security.ts";

export interface UsersTables {
  accounts: AccountsTable;
  profiles: ProfilesTable;
  operators: OperatorsTable;
  clients: ClientsTable;
  oauth_records: OauthRecordsTable;
  signing_keys: { kid: string; private_jwk: Buffer; created_at: Date };
}

export type AccountState = "active" | "suspended";

interface AccountsTable {
  id: string;
  email: string;
  password_hash: string | null;
  name: string;
  country: string;
  language: string;
  state: Generated<AccountState>;
  suspended_at: Date | null;
  suspension_reason: string | null;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

interface ProfilesTable {
  account_id: string;
  id: string;
  name: string;
  avatar: string;
  language: string;
  maturity_limit: number;
  is_child: boolean;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

interface OperatorsTable {
  id: string;
  email: string;
  password_hash: string;
  name: string;
  role: OperatorRole;
  state: Generated<AccountState>;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

interface ClientsTable {
  id: string;
  name: string;
  scopes: string[];
  secret_hash: Buffer;
  provisioned_as: string | null;
  created_at: Date;
}

interface OauthRecordsTable {
  model: string;
  id_hash: Buffer;
  payload: Buffer;
  holder_id: string | null;
  grant_id: string | null;
  uid: string | null;
  user_code_hash: Buffer | null;
  consumed_at: ColumnType<Date | null, Date | null | undefined, Date>;
  expires_at: Date;
}
