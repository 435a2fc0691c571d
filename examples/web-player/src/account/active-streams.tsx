import { listPlaybackSessions, stopPlaybackSession } from "@flix/sdk";
import { useLoad } from "../load.ts";
import { useViewer } from "../session/session.tsx";
import styles from "./account-page.module.css";

/** The devices that play on this account, each with a way to stop it; `onStopped` after one was. */
export function ActiveStreams({ onStopped }: { onStopped?: () => void }) {
  const { client } = useViewer();
  const streams = useLoad("streams", (signal) => listPlaybackSessions(client, {}, { signal }));
  if (streams.state !== "ready") return null;
  const { data } = streams.value;
  if (data.length === 0) return <p className={styles.quiet}>No device plays at the moment.</p>;
  const stop = async (session_id: string) => {
    await stopPlaybackSession(client, { session_id, body: {} }).catch(() => undefined);
    streams.reload();
    onStopped?.();
  };
  return (
    <ul className={styles.streams}>
      {data.map(({ id, device, state }) => (
        <li key={id} className={styles.box}>
          <p>
            <strong>{device.name ?? device.kind}</strong> · {state}
          </p>
          <button type="button" className="button" onClick={() => void stop(id)}>
            Stop
          </button>
        </li>
      ))}
    </ul>
  );
}
