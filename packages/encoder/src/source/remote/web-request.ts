import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
} from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EncoderError, systemErrorCode } from "../../errors.ts";
import { Interrupted } from "./retry.ts";
import { requireAllowed, type SourceAccess, unreachable } from "./source-access.ts";

export interface WebRequest {
  method?: "GET" | "PUT";
  headers: Record<string, string>;
  body?: () => AsyncIterable<Uint8Array>;
}

const maxRedirects = 5;
/** Connections are kept by host: one that is used again was checked when it was made, and the host's name is checked anew before. */
const agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };

/**
 * Asks a server that may be anybody's. Every address is checked before the connection, those of redirects too, which are followed by hand;
 * a user and password of the URL go to its own origin only. The body of the answer is read by the caller, who ends it by `destroy`.
 */
export async function sendRequest(
  url: URL,
  request: WebRequest,
  access: SourceAccess,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let [target, redirects] = [url, 0];
  for (;;) {
    const addresses = await requireAllowed(target, access);
    const headers = { ...request.headers, ...(target.origin === url.origin ? authorizationOf(url) : {}) };
    const response = await exchange(target, { ...request, headers }, { addresses, access, signal });
    const { location } = response.headers;
    const redirected = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0);
    if (!redirected || location === undefined || request.method === "PUT") return response;
    response.destroy();
    redirects += 1;
    if (redirects > maxRedirects) throw tooManyRedirects(url);
    target = redirectTarget(location, target);
  }
}

interface Connection {
  addresses: LookupAddress[];
  access: SourceAccess;
  signal: AbortSignal;
}

/** One request on a connection to one of the checked addresses; what is not an answer is `Interrupted`, or hopeless. */
async function exchange(
  url: URL,
  { method = "GET", headers, body }: WebRequest,
  { addresses, access, signal }: Connection,
): Promise<IncomingMessage> {
  const secure = url.protocol === "https:";
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const { stallMs } = access.patience;
  const options = { method, headers, lookup: pinned(addresses), timeout: stallMs, signal };
  const request = secure
    ? requestHttps(bare, { ...options, agent: agents["https:"] })
    : requestHttp(bare, { ...options, agent: agents["http:"] });
  request.on("timeout", () => request.destroy(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })));
  try {
    const [response] = await Promise.all([answerTo(request), sendBody(request, body)]);
    return response;
  } catch (error) {
    request.destroy();
    throw explain(url, error);
  }
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => request.on("response", resolve).on("error", reject));
}

async function sendBody(request: ClientRequest, body: WebRequest["body"]): Promise<void> {
  if (!body) return void request.end();
  await pipeline(Readable.from(body()), request);
}

/** For a library that makes its own requests: every connection by name is to a checked address. An endpoint that is an address is checked by its opener. */
export function guardedAgents(access: SourceAccess): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const guarded =
    (protocol: string): LookupFunction =>
    async (host, options, callback) => {
      try {
        const addresses = await requireAllowed(new URL(`${protocol}//${host}`), access);
        pinned(addresses)(host, options, callback);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), []);
      }
    };
  return {
    httpAgent: new HttpAgent({ keepAlive: true, lookup: guarded("http:") }),
    httpsAgent: new HttpsAgent({ keepAlive: true, lookup: guarded("https:") }),
  };
}

/** Answers what was checked instead of asking again, in either of the forms that `net.connect` wants. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all || !first) return callback(null, [...addresses]);
    callback(null, first.address, first.family);
  };
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function redirectTarget(location: string, from: URL): URL {
  if (URL.canParse(location, from.href)) return new URL(location, from.href);
  throw new EncoderError("source_not_valid", {
    message: `${from.host} redirects to something that is no address.`,
    hint: "Check the address with another program, or copy the master here first.",
  });
}

function tooManyRedirects({ host }: URL): EncoderError {
  return new EncoderError("too_many_redirects", {
    message: `${host} redirected more than ${maxRedirects} times.`,
    hint: "Name the address that the master really has.",
  });
}

/** A certificate does not get better by asking again; nearly everything else may. */
function explain({ host }: URL, error: unknown): unknown {
  if (error instanceof Interrupted || error instanceof EncoderError) return error;
  const code = systemErrorCode(error) ?? "no answer";
  if (/CERT|SELF_SIGNED|VERIFY|ERR_TLS/.test(code)) {
    return new EncoderError("source_unreachable", {
      message: `${host} has no valid certificate (${code}).`,
      hint: "Have its certificate renewed; a private authority is named with NODE_EXTRA_CA_CERTS.",
    });
  }
  return new Interrupted(unreachable(host, code));
}
