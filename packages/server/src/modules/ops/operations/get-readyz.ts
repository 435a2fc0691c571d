import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { OpsContext } from "../context.ts";
import { checkParts } from "../health.ts";

export const getReadyz: Handler<"getReadyz", OpsContext> = async (_request, { lifecycle, parts }) => {
  if (lifecycle.state !== "serving") {
    throw new FlixError("unavailable", { detail: `The process is ${lifecycle.state}.` });
  }
  const failed = (await checkParts(parts)).filter(({ status }) => status === "failed");
  if (failed.length > 0) {
    const headers = { "retry-after": "5" };
    throw new FlixError("unavailable", { detail: failed.map(({ name }) => name).join(", "), headers });
  }
  return { status: "ok" };
};
