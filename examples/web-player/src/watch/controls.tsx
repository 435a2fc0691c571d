import { ControlButton } from "./control-button.tsx";
import type { Command } from "./keyboard.ts";
import type { PlaybackSession } from "./playback.ts";
import styles from "./player.module.css";
import { QualityMenu } from "./quality-menu.tsx";
import { ScrubBar } from "./scrub-bar.tsx";
import type { Thumbnail } from "./thumbnails.ts";
import { TrackMenu } from "./track-menu.tsx";
import type { MediaView } from "./use-media.ts";
import type { PlaybackView } from "./use-playback.ts";
import { VolumeControl } from "./volume-control.tsx";

interface Props {
  media: MediaView;
  view: PlaybackView;
  session: PlaybackSession;
  thumbnails: Thumbnail[];
  onCommand: (command: Command) => void;
  onMenu: (open: boolean) => void;
}

export function Controls({ media, view, session, thumbnails, onCommand, onMenu }: Props) {
  const { playback, tracks, rendition } = view;
  return (
    <div className={styles.bottom}>
      <ScrubBar
        media={media}
        thumbnails={thumbnails}
        rewrite={(url) => playback?.grant.rewrite(url) ?? url}
        onSeek={(seconds) => playback?.seek(seconds)}
      />
      <div className={styles.buttons}>
        <ControlButton
          icon={media.paused ? "play" : "pause"}
          label={media.paused ? "Play" : "Pause"}
          onPress={() => onCommand({ do: "toggle-play" })}
        />
        <ControlButton
          icon="rewind"
          label="Back 10 seconds"
          badge="10"
          onPress={() => onCommand({ do: "skip", seconds: -10 })}
        />
        <ControlButton
          icon="forward"
          label="On 10 seconds"
          badge="10"
          onPress={() => onCommand({ do: "skip", seconds: 10 })}
        />
        <VolumeControl media={media} onCommand={onCommand} />
        <span className={styles.space} />
        {session.next_episode && (
          <ControlButton icon="next" label="Next episode" onPress={() => onCommand({ do: "next-episode" })} />
        )}
        <TrackMenu tracks={tracks} engine={playback?.engine} onOpen={onMenu} />
        <QualityMenu tracks={tracks} rendition={rendition} engine={playback?.engine} onOpen={onMenu} />
        <ControlButton
          icon={document.fullscreenElement ? "window" : "fullscreen"}
          label="Fullscreen"
          onPress={() => onCommand({ do: "toggle-fullscreen" })}
        />
      </div>
    </div>
  );
}
