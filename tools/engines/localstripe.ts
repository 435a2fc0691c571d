import type { Engine } from "./engine.ts";
import { freePort } from "./free-port.ts";
import { providePythonProgram } from "./python-program.ts";

export interface StripeAccess {
  /** Of the API, without `/v1`. */
  url: string;
  secretKey: string;
}

const secretKey = "sk_test_flix";

/** A stateful stand-in for Stripe, with its webhooks; it forgets everything when it ends. */
export const localstripe: Engine<StripeAccess> = {
  name: "localstripe",
  provide: (cache) => providePythonProgram(cache, { name: "localstripe", version: "1.15.10" }),
  async prepare(_folder, { path }) {
    const port = await freePort();
    return {
      command: [path, "--port", String(port), "--from-scratch"],
      environment: {},
      url: `http://127.0.0.1:${port}`,
    };
  },
  async ping(url) {
    const headers = { authorization: `Bearer ${secretKey}` };
    const answer = await fetch(`${url}/v1/customers`, { headers, signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  },
  access: (url) => ({ url, secretKey }),
  variables: (url) => ({ FLIX_TEST_STRIPE_URL: url }),
  named: ({ FLIX_TEST_STRIPE_URL: url }) => (url === undefined ? undefined : { url, secretKey }),
};
