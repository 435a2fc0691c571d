import { viewerLanguage } from "../language.ts";
import type { Engine, Tracks } from "./engine.ts";
import { Choice, Menu } from "./menu.tsx";
import { savePreferences } from "./preferences.ts";
import { trackNames } from "./track-names.ts";

interface Props {
  tracks: Tracks;
  engine: Engine | undefined;
  onOpen: (open: boolean) => void;
}

const off = "off";

export function TrackMenu({ tracks: { audio, audioId, text, textId }, engine, onOpen }: Props) {
  const audioNames = trackNames(audio, viewerLanguage());
  const textNames = trackNames(text, viewerLanguage());
  const chooseAudio = (id: string) => {
    engine?.selectAudio(id);
    savePreferences({ audioLanguage: audio.find((track) => track.id === id)?.language });
  };
  const chooseText = (id: string) => {
    engine?.selectText(id === off ? undefined : id);
    savePreferences({ textLanguage: text.find((track) => track.id === id)?.language });
  };
  return (
    <Menu icon="captions" label="Audio and subtitles" onOpen={onOpen}>
      <Choice
        name="audio"
        legend="Audio"
        options={audio.map(({ id }) => ({ value: id, label: audioNames.get(id) ?? id }))}
        chosen={audioId ?? ""}
        onChoose={chooseAudio}
      />
      <Choice
        name="text"
        legend="Subtitles"
        options={[
          { value: off, label: "Off" },
          ...text.map(({ id }) => ({ value: id, label: textNames.get(id) ?? id })),
        ]}
        chosen={textId ?? off}
        onChoose={chooseText}
      />
    </Menu>
  );
}
