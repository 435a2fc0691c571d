import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FlixError } from "../../../kernel/errors.ts";
import type { Kernel } from "../../../kernel/module.ts";
import type { RateLimit, RateLimits } from "../../../kernel/rate-limits.ts";
import type { UsersContext } from "../context.ts";
import { messagePage } from "./pages.ts";
import { mountSignIn } from "./interactions.ts";
import { takePrefilledCode } from "./prefilled-codes.ts";
import type { Oauth } from "./provider.ts";
import { mountPathOf, speakAsPublicUrl } from "./public-url.ts";

export interface MountOptions {
  kernel: Kernel;
  context: UsersContext;
  oauth: Oauth;
}

const perAddress: RateLimit = { burst: 200, perSecond: 20 };
/** Codes have 20^8 values and live 10 minutes (RFC 8628 section 5.1). */
const codeGuesses: RateLimit = { burst: 20, perSecond: 1 / 6 };

/** Serves the provider under /oauth: Fastify admits and logs the request, then hands it over before it reads the body. */
export async function mountOauth(app: FastifyInstance, options: MountOptions): Promise<void> {
  const { kernel, oauth } = options;
  const provider = await oauth.provider();
  const answer = provider.callback();
  const requests = kernel.rateLimits("oauth-requests");
  const guesses = kernel.rateLimits("device-codes");
  const admit = async ({ ip }: FastifyRequest) => void (await requests.spend(ip, perAddress));
  await app.register(async (scope) => mountSignIn(scope, { ...options, provider, admit }));
  app.all<{ Params: { "*": string } }>("/oauth/*", {
    onRequest: async (request, reply) => {
      await admit(request);
      const isCodePage = request.params["*"] === "device";
      if (isCodePage && request.method === "POST" && !(await spendGuess(guesses, request, reply)))
        return reply;
      handOver(request, reply, kernel.publicUrl, isCodePage);
      await answer(request.raw, reply.raw);
      return undefined;
    },
    handler: () => undefined,
  });
}

/** Whether one more code may be tried; otherwise the person is told when. */
async function spendGuess(
  guesses: RateLimits,
  { ip }: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  try {
    await guesses.spend(ip, codeGuesses);
    return true;
  } catch (error) {
    if (!(error instanceof FlixError)) throw error;
    const wait = error.headers["retry-after"] ?? "60";
    reply.code(429).headers(error.headers).type("text/html; charset=utf-8");
    reply.send(messagePage("Too many codes", `Go back and try again in ${wait} s.`));
    return false;
  }
}

function handOver(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
  isCodePage: boolean,
): void {
  // The router also matches a percent-encoded spelling of the prefix, which the provider could not take apart.
  if (!request.url.startsWith("/oauth/")) throw new FlixError("not_found");
  speakAsPublicUrl(request, publicUrl);
  const asked = request.url.slice("/oauth".length);
  const url = isCodePage && request.method === "GET" ? takePrefilledCode(request.raw, asked) : asked;
  Object.assign(request.raw, { originalUrl: `${mountPathOf(publicUrl)}${url}`, url });
  // The provider writes its own answer: what every answer carries has to stand on it already.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined && !name.startsWith("access-control-")) reply.raw.setHeader(name, value);
  }
  reply.hijack();
}
