import { errors, type Configuration, type KoaContextWithOIDC } from "oidc-provider";
import { codePage, confirmPage, messagePage, signOutPage } from "./pages.ts";
import { prefilledCode } from "./prefilled-codes.ts";

type Features = NonNullable<Configuration["features"]>;
type DeviceFlow = Required<
  Pick<
    NonNullable<Features["deviceFlow"]>,
    "userCodeInputSource" | "userCodeConfirmSource" | "successSource" | "deviceInfo"
  >
>;
type SignOut = Required<
  Pick<NonNullable<Features["rpInitiatedLogout"]>, "logoutSource" | "postLogoutSuccessSource">
>;

/** The pages of the device flow (RFC 8628 section 3.3): enter the code, compare it, done. */
export const deviceFlowPages: DeviceFlow = {
  deviceInfo: (ctx) => ({ ip: ctx.ip }),
  userCodeInputSource(ctx, _form, _out, error) {
    if (error !== undefined && forgetNewSession(ctx)) {
      send(
        ctx,
        messagePage("This page has ended", "Start again on your device, and let this site keep cookies."),
      );
      return;
    }
    const userCode = prefilledCode(ctx.req);
    send(
      ctx,
      codePage({
        ...formOf(ctx, "code_verification"),
        ...(userCode === undefined ? {} : { userCode }),
        ...(error === undefined ? {} : { error: codeError(error) }),
      }),
    );
  },
  userCodeConfirmSource(ctx, _form, client, deviceInfo, userCode) {
    const address = typeof deviceInfo["ip"] === "string" ? deviceInfo["ip"] : "an unknown address";
    const clientName = client.clientName ?? client.clientId;
    send(ctx, confirmPage({ ...formOf(ctx, "code_verification"), userCode, clientName, address }));
  },
  successSource(ctx) {
    send(ctx, messagePage("You are signed in", "Go back to your device; this page can be closed."));
  },
};

export const signOutPages: SignOut = {
  logoutSource: (ctx) => send(ctx, signOutPage(formOf(ctx, "end_session_confirm"))),
  postLogoutSuccessSource: (ctx) => send(ctx, messagePage("You are signed out", "This page can be closed.")),
};

export const renderError: NonNullable<Configuration["renderError"]> = (ctx, out) => {
  const text =
    out.error === "server_error" ? "Something went wrong on our side." : (out.error_description ?? out.error);
  send(
    ctx,
    messagePage("This did not work", `${text} (${out.error}). Go back to the application and start again.`),
  );
};

/**
 * A form that comes without a session cookie fails before the provider has saved a session, and it then cannot save the
 * one that it wants to show the form again with: that would be an internal error.
 */
function forgetNewSession({ oidc: { session } }: KoaContextWithOIDC): boolean {
  if (!session || session.exp !== undefined) return false;
  Object.assign(session, { touched: false });
  return true;
}

function codeError(error: Error): string {
  if (error.name === "AbortedError") return "You denied the device. Nothing was signed in.";
  if (error.name === "ExpiredError") return "This code has expired. Start again on your device.";
  if (error.name === "AlreadyUsedError") return "This code was used already. Start again on your device.";
  if (error.name === "NoCodeError" || error.name === "NotFoundError")
    return "There is no such code. Check it and try again.";
  if (error instanceof errors.SessionNotFound)
    return "This page was open for too long. Start again on your device.";
  return "This did not work. Start again on your device.";
}

function formOf({ oidc }: KoaContextWithOIDC, route: string): { action: string; xsrf: string } {
  const secret = oidc.session?.state?.["secret"];
  return { action: oidc.urlFor(route), xsrf: typeof secret === "string" ? secret : "" };
}

function send(ctx: KoaContextWithOIDC, markup: string): void {
  ctx.type = "html";
  ctx.body = markup;
}
