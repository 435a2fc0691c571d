import { isFlixError, sendHeartbeat, type Client, type FlixError, type Output } from "@flix/sdk";

export interface SessionHeartbeat {
  /** One out of turn, such as after the media grant was refused. */
  beat(): Promise<void>;
  stop(): void;
}

interface Options {
  client: Client;
  session: Pick<Output<"createPlaybackSession">, "id" | "heartbeat_interval_seconds">;
  state: () => { position_seconds: number; state: "playing" | "paused" };
  onGrant: (grant: Output<"sendHeartbeat">) => void;
  /** The platform does not let it go on: the session has ended, or the viewer may not watch any more. */
  onRefused: (error: FlixError) => void;
}

/** Keeps a playback session alive. A beat that does not get through is no harm: the next one may. */
export function startSessionHeartbeat({
  client,
  session,
  state,
  onGrant,
  onRefused,
}: Options): SessionHeartbeat {
  const abort = new AbortController();
  const { signal } = abort;
  const beat = async () => {
    try {
      const grant = await sendHeartbeat(client, { session_id: session.id, body: state() }, { signal });
      if (!signal.aborted) onGrant(grant);
    } catch (error) {
      if (signal.aborted || !isFlixError(error) || !isRefusal(error)) return;
      onRefused(error);
    }
  };
  const timer = setInterval(() => void beat(), session.heartbeat_interval_seconds * 1000);
  return {
    beat,
    stop() {
      clearInterval(timer);
      abort.abort();
    },
  };
}

function isRefusal({ status = 0, code }: FlixError): boolean {
  return [403, 404, 409].includes(status) || code === "invalid_grant" || code === "signed_out";
}
