import contract from "@flix/openapi/flix.json" with { type: "json" };
import manifest from "../../../../package.json" with { type: "json" };
import type { Handler } from "../../../kernel/handler.ts";
import type { OpsContext } from "../context.ts";

export const getVersion: Handler<"getVersion", OpsContext> = async () => ({
  name: "flix",
  version: manifest.version,
  api_version: contract.info.version,
  node: process.version,
});
