import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errors, type Interaction, type Provider } from "oidc-provider";
import { FlixError } from "../../../kernel/errors.ts";
import type { Kernel } from "../../../kernel/module.ts";
import type { UsersContext } from "../context.ts";
import { signIn, type SignInAttempt, type SignInResult } from "../sign-in.ts";
import { playerClientId } from "./first-party-clients.ts";
import { messagePage, signInPage } from "./pages.ts";
import { mountPathOf, speakAsPublicUrl } from "./public-url.ts";

export interface SignInMount {
  kernel: Kernel;
  context: UsersContext;
  provider: Provider;
  /** Throws when the address asks too often. */
  admit: (request: FastifyRequest) => Promise<void>;
}

const path = "/oauth/interaction/:uid";
/** The form's fields have 254 and 1024 bytes at most; what is percent-encoded takes three times as much. */
const bodyLimit = 16 * 1024;

/** The sign-in page: a form that works without scripts, and a 303 back into the provider when it was right. */
export function mountSignIn(app: FastifyInstance, mount: SignInMount): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.setErrorHandler((error, _request, reply) => sendError(error, reply));
  app.addHook("onRequest", async (request) => {
    await mount.admit(request);
    speakAsPublicUrl(request, mount.kernel.publicUrl);
  });
  app.get(path, async (request, reply) => {
    const interaction = await interactionOf(request, reply, mount);
    return sendForm(reply, mount, interaction, {});
  });
  app.post(path, async (request, reply) => {
    refuseOtherSites(request);
    const interaction = await interactionOf(request, reply, mount);
    const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const attempt = {
      email: (fields.get("email") ?? "").trim(),
      password: fields.get("password") ?? "",
      address: request.ip,
    };
    const answer = await trySignIn(mount, interaction, attempt);
    if ("holderId" in answer) return finish(reply, mount, interaction, answer.holderId);
    reply.code(answer.status).headers(answer.headers ?? {});
    return sendForm(reply, mount, interaction, { email: attempt.email, error: answer.error });
  });
}

interface Refusal {
  status: number;
  error: string;
  headers?: Record<string, string>;
}

async function trySignIn(
  { kernel, context }: SignInMount,
  { params }: Interaction,
  attempt: Omit<SignInAttempt, "audience">,
): Promise<{ holderId: string } | Refusal> {
  const audience = params["client_id"] === playerClientId ? "viewers" : "operators";
  try {
    const result = await signIn(kernel.units, context, { ...attempt, audience });
    return result.outcome === "signed_in" ? result : refusals[result.outcome];
  } catch (error) {
    if (!(error instanceof FlixError) || error.code !== "rate_limited") throw error;
    const wait = error.headers["retry-after"] ?? "60";
    return { status: 429, headers: error.headers, error: `Too many attempts. Try again in ${wait} s.` };
  }
}

const refusals: Record<Exclude<SignInResult["outcome"], "signed_in">, Refusal> = {
  refused: { status: 422, error: "The email address or the password is not right." },
  suspended: { status: 403, error: "This account is suspended. Ask support." },
  malformed: { status: 400, error: "Enter an email address and a password of at most 1024 bytes." },
};

/**
 * The sign-in under way. Its id is a random value that only this browser has, in a cookie that SameSite keeps from
 * posts of other sites; the path must show the same.
 */
async function interactionOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { provider }: SignInMount,
): Promise<Interaction> {
  const interaction = await provider.interactionDetails(request.raw, reply.raw);
  const { uid } = request.params as { uid: string };
  if (uid !== interaction.uid)
    throw new errors.SessionNotFound("another sign-in was started in this browser");
  return interaction;
}

/** Browsers say where a form comes from; `Referrer-Policy: no-referrer` makes Origin `null` on our own posts. */
function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return;
  throw new errors.SessionNotFound("the form was sent by another site");
}

/** As the provider's own `interactionFinished`, but a sign-in as somebody else simply replaces the one before. */
async function finish(
  reply: FastifyReply,
  { provider }: SignInMount,
  interaction: Interaction,
  accountId: string,
): Promise<FastifyReply> {
  interaction.result = { login: { accountId, remember: true, amr: ["pwd"] } };
  const before = interaction.session;
  if (before !== undefined && before.accountId !== accountId) {
    const session = await provider.Session.findByUid(before.uid);
    if (session) {
      delete session.accountId;
      delete session.authorizations;
      await session.persist();
    }
  }
  await interaction.persist();
  return reply.redirect(interaction.returnTo, 303);
}

async function sendForm(
  reply: FastifyReply,
  { provider, kernel }: SignInMount,
  interaction: Interaction,
  shown: { email?: string; error?: string },
): Promise<FastifyReply> {
  const { client_id: clientId, redirect_uri: redirectUri, login_hint: hint } = interaction.params;
  const client = await provider.Client.find(String(clientId));
  allowRedirect(reply, redirectUri);
  const action = `${mountPathOf(kernel.publicUrl)}/interaction/${interaction.uid}`;
  const email = typeof hint === "string" ? hint : "";
  return sendPage(reply, signInPage({ action, clientName: client?.clientName ?? "flix", email, ...shown }));
}

/** A form's answer may lead through redirects to the application's own address, which `form-action` must know. */
function allowRedirect(reply: FastifyReply, redirectUri: unknown): void {
  const policy = reply.getHeader("content-security-policy");
  if (typeof policy !== "string" || typeof redirectUri !== "string") return;
  const { origin } = new URL(redirectUri);
  reply.header(
    "content-security-policy",
    policy.replace("form-action 'self'", `form-action 'self' ${origin}`),
  );
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof errors.SessionNotFound) {
    reply.code(400);
    return sendPage(
      reply,
      messagePage("This sign-in has ended", "Go back to the application and start again."),
    );
  }
  // Anything else is answered as on every other route.
  throw error;
}

function sendPage(reply: FastifyReply, markup: string): FastifyReply {
  return reply.header("cache-control", "no-store").type("text/html; charset=utf-8").send(markup);
}
