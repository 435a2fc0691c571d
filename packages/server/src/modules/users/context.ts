import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Kernel } from "../../kernel/module.ts";
import type { Database } from "../../kernel/unit.ts";
import { PasswordGuard } from "./password-guard.ts";
import type { UsersTables } from "./tables.ts";

/** What the module's operations work with. */
export interface UsersContext {
  database: Database<UsersTables>;
  clock: Clock;
  ids: Ids;
  passwords: PasswordGuard;
  /** Whether viewers may make their own account. */
  signUp: "open" | "closed";
}

export function createContext(kernel: Kernel, signUp: UsersContext["signUp"]): UsersContext {
  return {
    database: kernel.database<UsersTables>("users"),
    clock: kernel.clock,
    ids: kernel.ids,
    passwords: new PasswordGuard(kernel),
    signUp,
  };
}
