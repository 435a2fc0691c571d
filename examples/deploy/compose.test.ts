import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../packages/server/src/config.ts";
import { engines } from "../../tools/engines/engines.ts";

const folder = join(import.meta.dirname, "compose");
const { services } = parse(await readFile(join(folder, "compose.yaml"), "utf8"), { merge: true });

interface Service {
  image: string;
  ports?: string[];
  healthcheck?: { test: string[]; retries: number };
}

test.each(engines.map(({ name }) => name))(
  "%s is there, pinned, on loopback, and tells when it is ready",
  (name) => {
    const service: Service = services[name];
    expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)?$/);
    expect(service.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(service.healthcheck).toMatchObject({ test: expect.arrayContaining(["CMD"]), retries: 60 });
  },
);

test("the platform understands the variables, each of which names a port that is served", async () => {
  const environment = parseEnv(await readFile(join(folder, "engines.env"), "utf8"));
  expect(() => readConfig(environment)).not.toThrow();
  const served = Object.values<Service>(services).flatMap(({ ports = [] }) =>
    ports.map((port) => port.split(":")[1]),
  );
  const named = Object.values(environment).flatMap(
    (value) => /127\.0\.0\.1:(\d+)/.exec(value ?? "")?.[1] ?? [],
  );
  expect(named.toSorted()).toEqual(served.filter((port) => port !== "8420").toSorted());
});
