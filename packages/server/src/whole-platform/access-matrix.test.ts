import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContractOperation } from "../kernel/contract.ts";
import { viewerScopes } from "../kernel/security.ts";
import { fillStock, subscribe, type Belongings, type Stock } from "./testing/belongings.ts";
import { faultOf } from "./testing/conformance.ts";
import {
  operations,
  requestOf,
  toInject,
  type ContractRequest,
  type Named,
} from "./testing/contract-requests.ts";
import { fingerprints } from "./testing/fingerprints.ts";
import {
  addClient,
  addOperator,
  addViewer,
  as,
  nobody,
  provisionRoot,
  succeeded,
  type Person,
} from "./testing/people.ts";
import { send, type Sent } from "./testing/send.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

const names = ["nobody", "owner", "other", "suspended", "support", "publisher", "admin", "client"] as const;
type Name = (typeof names)[number];

const unknownIds: Belongings = {
  account_id: "acc_00000000000000000000000000",
  profile_id: "prf_00000000000000000000000000",
  subscription_id: "sub_00000000000000000000000000",
  invoice_id: "inv_00000000000000000000000000",
  session_id: "pbs_00000000000000000000000000",
};

const unknownStock: Stock = {
  title_id: "ttl_00000000000000000000000000",
  plan_id: "pln_00000000000000000000000000",
  asset_id: "ast_00000000000000000000000000",
  package_id: "pkg_00000000000000000000000000",
  upload_id: "upl_00000000000000000000000000",
  key_set_id: "kst_00000000000000000000000000",
  kid: "AAAAAAAAAAAAAAAAAAAAAA",
  job_id: "job_00000000000000000000000000",
  operator_id: "opr_00000000000000000000000000",
  client_id: "cli_00000000000000000000000000",
};

let platform: WholePlatform;
let people: Record<Name, Person>;
let named: Named;
let owned: Belongings;

beforeAll(async () => {
  platform = await startWholePlatform();
  const root = await provisionRoot(platform);
  const stock = await fillStock(platform, root);
  const owner = await addViewer(platform);
  const other = await addViewer(platform);
  const suspended = await addViewer(platform);
  owned = await subscribe(platform, owner, stock);
  named = { ...stock, ...owned };
  await subscribe(platform, other, stock);
  people = {
    nobody,
    owner,
    other,
    suspended,
    support: await addOperator(platform, root, "support"),
    publisher: await addOperator(platform, root, "publisher"),
    admin: await addOperator(platform, root, "admin"),
    client: await addClient(platform, root, ["ops:read"]),
  };
  const suspend = `/v1/accounts/${suspended.id}/suspend`;
  succeeded(await as(platform, root).post(suspend, { body: { reason: "Fraud" } }));
});
afterAll(() => platform?.close());

type Verdict = "allowed" | readonly [status: 401 | 403 | 404, code?: string];

/** What the contract says of somebody who asks about the owner's things. */
function verdictOf(request: ContractRequest, name: Name): Verdict {
  const { operation } = request;
  const { anonymous, scopeSets } = operation.access;
  if (scopeSets.length === 0) return "allowed";
  if (name === "suspended") return [403, "account_suspended"];
  if (anonymous) return "allowed";
  if (name === "nobody") return [401, "invalid_token"];
  if (!mayAsk(operation, people[name].scopes)) return [403, "insufficient_scope"];
  return name === "other" && isAbout(request, owned) ? [404] : "allowed";
}

function mayAsk({ access }: ContractOperation, scopes: readonly string[]): boolean {
  return access.scopeSets.some((set) => set.every((scope) => scopes.includes(scope)));
}

function isAbout({ path, body }: ContractRequest, belongings: Belongings): boolean {
  const text = JSON.stringify([path, body]);
  return Object.values(belongings).some((id) => text.includes(id));
}

/** What is allowed, but not in the state in which the owner's things and the stock are. */
const notNow: Record<string, string> = {
  createSubscription: "subscription_exists",
  resumeSubscription: "subscription_not_canceling",
  deleteTitle: "title_published",
  deleteKeySet: "key_set_in_use",
  completePackage: "package_incomplete",
  activatePackage: "package_not_ready",
};

function ask(request: ContractRequest, name: Name, verdict: Verdict): Promise<Sent> {
  const { operation } = request;
  // What must be refused is asked for in earnest.
  const sent = verdict === "allowed" ? request : { ...request, query: {} };
  const isStream = verdict === "allowed" && operation.responses["200"]?.contentType === "text/event-stream";
  return send(platform, toInject(sent, people[name]), isStream);
}

describe.each(operations)("$operationId", (operation) => {
  const request = () => requestOf(operation, named, platform.clock.now());

  it("is for whom the contract says, and nothing changes for others", async () => {
    const { root } = platform.kernel.database("users");
    const before = await fingerprints(root);
    for (const name of names) {
      const asked = request();
      const verdict = verdictOf(asked, name);
      const answer = await ask(asked, name, verdict);
      const where = `${name}: ${answer.statusCode} ${answer.body}`;
      expect(faultOf(operation, answer), where).toBeUndefined();
      if (verdict === "allowed") expectAllowed(operation, answer, name);
      else {
        const [status, code] = verdict;
        expect(answer.statusCode, where).toBe(status);
        if (code !== undefined) expect(JSON.parse(answer.body).code, where).toBe(code);
      }
    }
    expect(await fingerprints(root)).toEqual(before);
  });
});

/** Of an account's things, where another viewer has the scope to ask. */
const ofAccounts = operations.filter((operation) => {
  const about = requestOf(operation, { ...unknownStock, ...unknownIds }, new Date(0));
  return isAbout(about, unknownIds) && mayAsk(operation, viewerScopes);
});

it.each(ofAccounts)("$operationId says of a foreign id what it says of none", async (operation) => {
  const now = platform.clock.now();
  const askAs = (about: Named) => ask(requestOf(operation, about, now), "other", [404]);
  const [foreign, none] = await Promise.all([askAs(named), askAs({ ...named, ...unknownIds })]);
  expect(withoutIds(foreign)).toEqual(withoutIds(none));
});

it("an expired token opens nothing, and changes nothing", async () => {
  const { root } = platform.kernel.database("users");
  const before = await fingerprints(root);
  // Access tokens live for ten minutes, from when the provider's clock, which goes on, gave them.
  platform.clock.advance(900_000);
  for (const operation of operations.filter(({ access }) => access.scopeSets.length > 0)) {
    for (const name of ["owner", "admin", "client"] as const) {
      const answer = await ask(requestOf(operation, named, platform.clock.now()), name, [401]);
      const { status, code } = JSON.parse(answer.body);
      expect([status, code], `${operation.operationId} as ${name}`).toEqual([401, "invalid_token"]);
      expect(answer.headers["www-authenticate"]).toBe('Bearer error="invalid_token"');
    }
  }
  expect(await fingerprints(root)).toEqual(before);
});

function expectAllowed({ operationId }: ContractOperation, answer: Sent, name: Name): void {
  const code = notNow[operationId];
  if (code !== undefined) return expect(JSON.parse(answer.body).code).toBe(code);
  expect(answer.statusCode, `${name}: ${answer.body}`).toBeLessThan(300);
  // A list that names no account shows an account its own only.
  if (name === "other") for (const id of Object.values(owned)) expect(answer.body).not.toContain(id);
}

function withoutIds({ body }: Sent): unknown {
  return JSON.parse(body.replaceAll(/[a-z]{3}_[0-9a-z]{26}/g, "id"));
}
