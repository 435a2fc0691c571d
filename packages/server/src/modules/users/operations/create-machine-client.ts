import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { hashClientSecret, newClientSecret } from "../client-secrets.ts";
import type { UsersContext } from "../context.ts";
import { insertClient } from "../store/clients.ts";
import { toClient } from "../to-resources.ts";

export const createMachineClient: Handler<"createMachineClient", UsersContext> = async (
  { body: { name, scopes }, principal, unit },
  context,
) => {
  // A client must not be a way around one's own limits.
  const foreign = scopes.filter((scope) => principal.kind === "anonymous" || !principal.scopes.has(scope));
  if (foreign.length > 0) {
    throw new FlixError("insufficient_scope", {
      detail: `A client gets no scope that you lack: ${foreign.join(" ")}.`,
    });
  }
  const clientSecret = newClientSecret();
  const secretHash = hashClientSecret(clientSecret);
  const row = await insertClient(unit, context, { name, scopes, secret_hash: secretHash });
  const { id, ...client } = toClient(row);
  return { client_id: id, client_secret: clientSecret, ...client };
};
