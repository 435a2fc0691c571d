import type { Handler } from "../../../kernel/handler.ts";
import type { OpsContext } from "../context.ts";

/** An answer is proof enough; what the process depends on must not have it restarted. */
export const getLivez: Handler<"getLivez", OpsContext> = async () => ({ status: "ok" });
