import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { verifyWebhook } from "./webhooks.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const clock = createSkippingClock();
const nowSeconds = clock.now() / 1000;
const body = JSON.stringify({ id: "evt_1", type: "title.published", data: { title_id: "ttl_1" } });

function sign(timestamp: number, text = body, key = secret): string {
  const raw = Buffer.from(key.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", raw).update(`msg_1.${timestamp}.${text}`).digest("base64")}`;
}

function deliver(signature: string, timestamp = nowSeconds, text = body) {
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": `${timestamp}`,
    "webhook-signature": signature,
  };
  return { headers, body: text };
}

describe("a delivery", () => {
  test("is taken with the signature of the Standard Webhooks specification", async () => {
    const specified = {
      headers: new Headers({
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      }),
      body: '{"test": 2432232314}',
    };
    const then = { ...clock, now: () => 1_614_265_330_000 };
    expect(await verifyWebhook(specified, { secret, clock: then })).toEqual({ test: 2_432_232_314 });
  });

  test("is taken up to the tolerance, early or late, and not beyond it", async () => {
    for (const seconds of [-300, 0, 300]) {
      const timestamp = nowSeconds + seconds;
      const event = await verifyWebhook(deliver(sign(timestamp), timestamp), { secret, clock });
      expect(event).toEqual(JSON.parse(body));
    }
    for (const seconds of [-301, 301, Number.NaN]) {
      const timestamp = nowSeconds + seconds;
      const delivery = deliver(sign(timestamp), timestamp);
      await expect(verifyWebhook(delivery, { secret, clock })).rejects.toMatchObject({
        code: "webhook_too_old",
      });
    }
  });

  test("is taken with either secret while one replaces the other, and with one good signature of several", async () => {
    const old = "whsec_b2xkIHNlY3JldCBvbGQgc2VjcmV0IQ==";
    const signatures = `v1a,AAAA v1,AAAA ${sign(nowSeconds, body, old)}`;
    await verifyWebhook(deliver(signatures), { secret: [secret, old], clock });
    await expect(verifyWebhook(deliver(signatures), { secret, clock })).rejects.toMatchObject({
      code: "webhook_signature_invalid",
    });
  });

  test.each([
    ["another body", deliver(sign(nowSeconds), nowSeconds, body.replace("ttl_1", "ttl_2"))],
    ["another time", deliver(sign(nowSeconds), nowSeconds + 1)],
    ["an unknown version", deliver(sign(nowSeconds).replace("v1,", "v2,"))],
    ["a signature that is not base64", deliver("v1,***")],
    ["no signature", { headers: {}, body }],
  ])("is refused with %s", async (_, delivery) => {
    await expect(verifyWebhook(delivery, { secret, clock })).rejects.toMatchObject({
      code: "webhook_signature_invalid",
    });
  });
});
