import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { UsersContext } from "./context.ts";
import { mountOauth } from "./oauth/mount.ts";
import type { Oauth } from "./oauth/provider.ts";
import { changePassword } from "./operations/change-password.ts";
import { createAccount } from "./operations/create-account.ts";
import { createClient } from "./operations/create-client.ts";
import { createOperator } from "./operations/create-operator.ts";
import { createProfile } from "./operations/create-profile.ts";
import { deleteAccount } from "./operations/delete-account.ts";
import { deleteClient } from "./operations/delete-client.ts";
import { deleteOperator } from "./operations/delete-operator.ts";
import { deleteProfile } from "./operations/delete-profile.ts";
import { getAccount } from "./operations/get-account.ts";
import { getProfile } from "./operations/get-profile.ts";
import { getWhoami } from "./operations/get-whoami.ts";
import { listAccounts } from "./operations/list-accounts.ts";
import { listClients } from "./operations/list-clients.ts";
import { listOperators } from "./operations/list-operators.ts";
import { listProfiles } from "./operations/list-profiles.ts";
import { restoreAccount } from "./operations/restore-account.ts";
import { suspendAccount } from "./operations/suspend-account.ts";
import { updateAccount } from "./operations/update-account.ts";
import { updateOperator } from "./operations/update-operator.ts";
import { updateProfile } from "./operations/update-profile.ts";
import { removeExpiredRecords } from "./store/oauth-records.ts";

/** The module's operations, its OAuth routes and the job that forgets what has expired. */
export function usersModule(kernel: Kernel, context: UsersContext, oauth: Oauth): Module {
  return defineModule(
    "users",
    context,
    {
      changePassword,
      createAccount,
      createClient,
      createOperator,
      createProfile,
      deleteAccount,
      deleteClient,
      deleteOperator,
      deleteProfile,
      getAccount,
      getProfile,
      getWhoami,
      listAccounts,
      listClients,
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
          run: () => kernel.units.write((unit) => removeExpiredRecords(unit, context)),
        },
      ],
    },
  );
}
