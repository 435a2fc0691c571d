import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { OpsContext } from "../context.ts";

export const getStartupz: Handler<"getStartupz", OpsContext> = async (_request, { lifecycle }) => {
  if (lifecycle.state === "starting")
    throw new FlixError("unavailable", { detail: "The process is starting." });
  return { status: "ok" };
};
