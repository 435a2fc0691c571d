import {
  createPlayerEventQueue,
  FlixError,
  isFlixError,
  stopPlaybackSession,
  type Client,
  type Output,
  type PlayerEventQueue,
} from "@flix/sdk";
import { createEngine } from "./create-engine.ts";
import { chooseManifest, EngineError } from "./engine.ts";
import type { Engine, EngineListener, EngineName } from "./engine.ts";
import { sayFarewell } from "./farewell.ts";
import { createGrantRenewal, type GrantRenewal } from "./grant-renewal.ts";
import { createMediaGrant, type MediaGrant } from "./media-grant.ts";
import { observeVideo } from "./observe-video.ts";
import { createPlayerEvents, type PlayerEvents } from "./player-events.ts";
import { protectionOf } from "./protection.ts";
import { startSessionHeartbeat, type SessionHeartbeat } from "./session-heartbeat.ts";

export type PlaybackSession = Output<"createPlaybackSession">;

export interface PlaybackOptions {
  client: Client;
  session: PlaybackSession;
  video: HTMLVideoElement;
  textContainer: HTMLElement;
  engineName: EngineName;
  /** When the viewer asked to play, on the monotonic clock. */
  intentMs: number;
  listener: PlaybackListener;
}

export interface PlaybackListener extends Pick<EngineListener, "onTracks" | "onRendition"> {
  /** Playback is over, and why. */
  onFailure(error: FlixError): void;
  /** The browser wants a click before it plays with sound. */
  onBlocked(): void;
}

/** One session in one video element, from the first request to the last event. May be closed at any moment. */
export class Playback {
  readonly grant: MediaGrant;
  readonly #options: PlaybackOptions;
  readonly #queue: PlayerEventQueue;
  readonly #events: PlayerEvents;
  readonly #heartbeat: SessionHeartbeat;
  readonly #renewal: GrantRenewal;
  readonly #closed = new AbortController();
  readonly #unobserve: () => void;
  #engine: Engine | undefined;

  constructor(options: PlaybackOptions) {
    const { client, session, video, intentMs } = options;
    this.#options = options;
    this.grant = createMediaGrant(session.media_base_url, client.server);
    const position = () => this.position;
    // Before the queue's own listener, which sends what is there: the exit has to be there.
    addEventListener("pagehide", this.#hide, { capture: true, signal: this.#closed.signal });
    addEventListener("pageshow", this.#comeBack, { signal: this.#closed.signal });
    const queue = createPlayerEventQueue(client, { sessionId: session.id });
    this.#queue = queue;
    const record: PlayerEventQueue["record"] = (facts) => queue.record(facts);
    this.#events = createPlayerEvents({ record, now: () => performance.now(), intentMs, position });
    this.#unobserve = observeVideo(video, this.#events);
    this.#heartbeat = startSessionHeartbeat({
      client,
      session,
      state: () => ({ position_seconds: position(), state: video.paused ? "paused" : "playing" }),
      onGrant: ({ media_base_url }) => this.grant.renew(media_base_url),
      onRefused: (error) => this.#fail(error),
    });
    this.#renewal = createGrantRenewal({ beat: () => this.#heartbeat.beat(), now: () => performance.now() });
  }

  /** Loads the stream and begins to play; failures go to the listener. */
  async open(): Promise<void> {
    const { client, session, video, textContainer, engineName, listener } = this.#options;
    try {
      const manifest = chooseManifest(engineName, session.manifests);
      if (!manifest)
        throw new EngineError("no-manifest", `Nothing for ${engineName} to play.`, { fatal: true });
      const engine = await createEngine(engineName, {
        video,
        textContainer,
        rewrite: (url) => this.grant.rewrite(url),
        protection: protectionOf(client, session),
        listener: {
          onTracks: listener.onTracks,
          onRendition: (rendition) => {
            this.#events.rendition(rendition);
            listener.onRendition(rendition);
          },
          onError: (error) => void this.#meet(error),
        },
      });
      if (this.#closed.signal.aborted) return await engine.destroy();
      this.#engine = engine;
      await engine.load(
        new URL(manifest.url, this.#options.client.server).href,
        session.resume_position_seconds,
      );
      await this.play();
    } catch (error) {
      if (!this.#closed.signal.aborted) await this.#meet(error);
    }
  }

  get engine(): Engine | undefined {
    return this.#engine;
  }

  get position(): number {
    return this.#options.video.currentTime;
  }

  /** Playing with sound may need a click; the wait for it is not the stream's. */
  async play(): Promise<void> {
    try {
      this.#events.intend();
      await this.#options.video.play();
    } catch (error) {
      // A pause or another source in between ends the promise too, and is no failure.
      if (error instanceof DOMException && error.name === "NotAllowedError")
        this.#options.listener.onBlocked();
    }
  }

  seek(toSeconds: number): void {
    const { video, session } = this.#options;
    const end = Number.isFinite(video.duration) ? video.duration : session.duration_seconds;
    const target = Math.min(Math.max(0, toSeconds), end);
    this.#events.seek(target);
    video.currentTime = target;
  }

  close(): void {
    if (this.#closed.signal.aborted) return;
    this.#events.leave();
    this.#closed.abort();
    this.#unobserve();
    sayFarewell(Promise.all([this.#stop(), this.#queue.close()]));
    void this.#engine?.destroy();
  }

  /** Ends the session, which stores the position and gives the stream back; outlives the page. */
  #stop(): Promise<unknown> {
    const { client, session } = this.#options;
    this.#heartbeat.stop();
    const body = { position_seconds: this.position };
    return stopPlaybackSession(client, { session_id: session.id, body }, { keepalive: true });
  }

  readonly #hide = (): void => {
    this.#events.leave();
    // Where it does not get out, the session ends by its silence.
    this.#stop().catch(() => undefined);
  };

  /** The browser kept the page and shows it again; its session has ended. */
  readonly #comeBack = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#fail(new FlixError("playback_session_ended", "The session has ended"));
  };

  async #meet(thrown: unknown): Promise<void> {
    const error = asEngineError(thrown);
    // The grant ran out, as after a sleep: a heartbeat brings a new one, or says why there is none.
    if (error.httpStatus === 403 && this.#engine && (await this.#renewal.renew())) {
      this.#events.error(new EngineError(error.code, error.message, { fatal: false }));
      this.#engine.retry();
      return;
    }
    this.#events.error(error);
    // What the platform refused, such as a license, is told in its own words.
    if (error.fatal) this.#fail(isFlixError(thrown) ? thrown : failureOf(error));
  }

  #fail(error: FlixError): void {
    if (this.#closed.signal.aborted) return;
    this.#heartbeat.stop();
    this.#options.video.pause();
    this.#options.listener.onFailure(error);
  }
}

function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  if (isFlixError(thrown)) return new EngineError(thrown.code, thrown.message, { fatal: true });
  return new EngineError("player", String(thrown), { fatal: true });
}

/** What the viewer is told: a network that is gone is no fault of the film. */
function failureOf({ code, message, unreachable }: EngineError): FlixError {
  return unreachable
    ? new FlixError("network_error", "The network is gone", { detail: message })
    : new FlixError(code, "The film cannot be played", { detail: message });
}
