import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, startTestPlatform, viewer, type TestPlatform } from "../../../../testing/index.ts";
import { createUsers, type Users } from "../index.ts";
import { newEmail } from "../testing/oauth.ts";

let platform: TestPlatform;
let users: Users;
beforeAll(async () => {
  platform = await startTestPlatform({
    compose: (kernel) => {
      users = createUsers(kernel);
      return [users.module];
    },
    environment: { FLIX_MODULES: "users" },
  });
});
afterAll(() => platform.close());

async function addViewer() {
  const { id, profileId } = await platform.kernel.units.write((unit) =>
    users.createAccount(unit, { email: newEmail(), name: "Ada", country: "GB", language: "fr" }),
  );
  const as = platform.as(viewer(id));
  return { id, profileId, as, add: (body: object) => as.post(`/v1/accounts/${id}/profiles`, { body }) };
}

describe("profiles", () => {
  it("take what is left out from the account: language, a free picture, the limit of their age", async () => {
    const { add, as, id } = await addViewer();
    platform.clock.advance(1);
    expect((await add({ name: "Byron", is_child: true })).json()).toMatchObject({
      name: "Byron",
      language: "fr",
      avatar: "owl",
      maturity_limit: 7,
      is_child: true,
    });
    const names = (await as.get(`/v1/accounts/${id}/profiles`))
      .json()
      .data.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["Ada", "Byron"]);
  });

  it("are 5 at most, even when two ask at the same time", async () => {
    const { add } = await addViewer();
    for (const name of ["2", "3", "4"]) expect((await add({ name })).statusCode).toBe(201);
    const codes = (await Promise.all([add({ name: "5" }), add({ name: "6" })])).map(
      (answer) => answer.statusCode,
    );
    expect(codes.toSorted()).toEqual([201, 409]);
    expect((await add({ name: "7" })).json().code).toBe("profile_limit_reached");
  });

  it("of a child go up to 12, also when an adult's becomes a child's", async () => {
    const { add, as, profileId } = await addViewer();
    const tooHigh = await add({ name: "Kid", is_child: true, maturity_limit: 13 });
    expect(tooHigh.json()).toMatchObject({ status: 422, code: "maturity_limit_too_high" });
    const headers = { "if-match": "*" };
    const url = `/v1/profiles/${profileId}`;
    expect((await as.patch(url, { body: { is_child: true }, headers })).json().code).toBe(
      "maturity_limit_too_high",
    );
    const body = { is_child: true, maturity_limit: 12 };
    expect((await as.patch(url, { body, headers })).json()).toMatchObject(body);
  });

  it("change from a known state only", async () => {
    const { as, profileId } = await addViewer();
    const url = `/v1/profiles/${profileId}`;
    const { etag } = (await as.get(url)).json();
    expect((await as.patch(url, { body: { name: "B" } })).statusCode).toBe(428);
    expect((await as.patch(url, { body: { name: "B" }, headers: { "if-match": etag } })).statusCode).toBe(
      200,
    );
    expect((await as.patch(url, { body: { name: "C" }, headers: { "if-match": etag } })).statusCode).toBe(
      412,
    );
    const foreign = { body: { account_id: "acc_01k9v3c4x5e6f7g8h9j0kmnpqr" }, headers: { "if-match": "*" } };
    expect((await as.patch(url, foreign)).json().code).toBe("invalid_request");
  });

  it("can be deleted but for the last one", async () => {
    const { as, add, profileId } = await addViewer();
    expect((await as.delete(`/v1/profiles/${profileId}`)).json().code).toBe("last_profile");
    await add({ name: "Other" });
    expect((await as.delete(`/v1/profiles/${profileId}`)).statusCode).toBe(204);
    expect((await as.get(`/v1/profiles/${profileId}`)).json().code).toBe("profile_not_found");
  });

  it("of another account are not there; staff reads them", async () => {
    const [{ profileId }, other] = [await addViewer(), await addViewer()];
    const url = `/v1/profiles/${profileId}`;
    const change = { body: { name: "Mine" }, headers: { "if-match": "*" } };
    for (const answer of [
      await other.as.get(url),
      await other.as.patch(url, change),
      await other.as.delete(url),
    ]) {
      expect(answer.json()).toMatchObject({ status: 404, code: "profile_not_found" });
    }
    expect((await platform.as(operator("support")).get(url)).statusCode).toBe(200);
    expect((await platform.as(operator("publisher")).get(url)).statusCode).toBe(403);
  });
});

describe("the module's face", () => {
  it("tells other modules of viewers and profiles", async () => {
    const { id, profileId } = await addViewer();
    const unit = platform.kernel.units.read();
    expect(await users.getViewer(unit, id)).toMatchObject({
      id,
      state: "active",
      country: "GB",
      language: "fr",
    });
    expect(await users.getProfile(unit, profileId)).toEqual({
      id: profileId,
      accountId: id,
      name: "Ada",
      language: "fr",
      maturityLimit: 21,
      isChild: false,
    });
    expect(await users.getViewer(unit, "acc_00000000000000000000000000")).toBeUndefined();
    expect(await users.getProfile(unit, "prf_00000000000000000000000000")).toBeUndefined();
  });
});
