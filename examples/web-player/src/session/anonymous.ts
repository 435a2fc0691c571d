import { createClient } from "@flix/sdk";

/** For what anybody may ask: plans, and an account of one's own. The signed-in client refuses to call without a sign-in. */
export const anonymous = createClient({ server: location.origin });
