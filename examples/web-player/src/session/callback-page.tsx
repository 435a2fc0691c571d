import { useEffect, useState } from "react";
import type { FlixError } from "@flix/sdk";
import { asFlixError } from "../load.ts";
import { ProblemPanel } from "../problem/problem-panel.tsx";
import { navigate } from "../routes/history.ts";
import { Splash } from "../shell/splash.tsx";
import { useSession } from "./session.tsx";
import { beginSignIn, completeSignIn } from "./sign-in.ts";

/** Where the platform's sign-in page comes back to. */
export function CallbackPage() {
  const { accept } = useSession();
  const [error, setError] = useState<FlixError>();
  useEffect(() => {
    let left = false;
    const finish = async () => {
      const { tokens, returnTo } = await completeSignIn(location.href);
      if (left) return;
      await accept(tokens);
      // The code must not stay in the history.
      navigate(returnTo, { replace: true });
    };
    finish().catch((failure: unknown) => setError(asFlixError(failure)));
    return () => {
      left = true;
    };
  }, [accept]);
  if (!error) return <Splash />;
  const again = () =>
    void beginSignIn({ returnTo: "/" }).catch((failure: unknown) => setError(asFlixError(failure)));
  return <ProblemPanel error={error} onRetry={again} retryLabel="Sign in" />;
}
