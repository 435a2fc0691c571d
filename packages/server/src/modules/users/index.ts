import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { VerifyAccessToken } from "../../kernel/security.ts";
import { createVerifier } from "./access-tokens.ts";
import { createContext, type UsersContext } from "./context.ts";
import { createFace, type UsersFace } from "./face.ts";
import { mountOauth } from "./oauth/mount.ts";
import { createOauth, type Oauth } from "./oauth/provider.ts";
import { changePassword } from "./operations/change-password.ts";
import { createAccount } from "./operations/create-account.ts";
import { createMachineClient } from "./operations/create-machine-client.ts";
import { createOperator } from "./operations/create-operator.ts";
import { createProfile } from "./operations/create-profile.ts";
import { deleteAccount } from "./operations/delete-account.ts";
import { deleteMachineClient } from "./operations/delete-machine-client.ts";
import { deleteOperator } from "./operations/delete-operator.ts";
import { deleteProfile } from "./operations/delete-profile.ts";
import { getAccount } from "./operations/get-account.ts";
import { getProfile } from "./operations/get-profile.ts";
import { getWhoami } from "./operations/get-whoami.ts";
import { listAccounts } from "./operations/list-accounts.ts";
import { listMachineClients } from "./operations/list-machine-clients.ts";
import { listOperators } from "./operations/list-operators.ts";
import { listProfiles } from "./operations/list-profiles.ts";
import { restoreAccount } from "./operations/restore-account.ts";
import { suspendAccount } from "./operations/suspend-account.ts";
import { updateAccount } from "./operations/update-account.ts";
import { updateOperator } from "./operations/update-operator.ts";
import { updateProfile } from "./operations/update-profile.ts";
import { requireArgon2 } from "./password.ts";
import { createSeal } from "../../kernel/sealing.ts";
import { removeExpiredRecords } from "./store/oauth-records.ts";

export type { NewAccount, NewOperator, Profile, Viewer } from "./face.ts";
export type { ProvisionedClient } from "./provisioning.ts";

export interface Users extends UsersFace {
  module: Module;
  /** The platform's one verifier of access tokens. */
  verifyAccessToken: VerifyAccessToken;
}

export interface UsersOptions {
  /** Whether viewers may make their own account; "open" when left out. */
  signUp?: "open" | "closed";
}

export function createUsers(kernel: Kernel, { signUp = "open" }: UsersOptions = {}): Users {
  requireArgon2();
  const context = createContext(kernel, signUp);
  const seal = createSeal(kernel.secret, "oauth records");
  const oauth = createOauth({ kernel, context, seal });
  return {
    ...createFace(context),
    module: usersModule(kernel, context, oauth),
    verifyAccessToken: createVerifier({
      units: kernel.units,
      clock: kernel.clock,
      context,
      seal,
      issuer: oauth.issuer,
      audience: kernel.publicUrl,
      signingKey: oauth.signingKey,
    }),
  };
}

/** The module's operations, its OAuth routes and the job that forgets what has expired. */
function usersModule(kernel: Kernel, context: UsersContext, oauth: Oauth): Module {
  return defineModule(
    "users",
    context,
    {
      changePassword,
      createAccount,
      createMachineClient,
      createOperator,
      createProfile,
      deleteAccount,
      deleteMachineClient,
      deleteOperator,
      deleteProfile,
      getAccount,
      getProfile,
      getWhoami,
      listAccounts,
      listMachineClients,
      listOperators,
      listProfiles,
      restoreAccount,
      suspendAccount,
      updateAccount,
      updateOperator,
      updateProfile,
    },
    {
      routes: (app) => mountOauth(app, { kernel, context, oauth }),
      jobs: [
        {
          name: "users.forget-expired-sign-ins",
          everyMs: 3_600_000,
          run: ({ units }) => units.write((unit) => removeExpiredRecords(unit, context)),
        },
      ],
    },
  );
}
