import { viewerLanguage } from "../language.ts";
import type { Engine, Tracks } from "./engine.ts";
import { Choice, Menu } from "./menu.tsx";
import { savePreferences } from "./preferences.ts";
import { chosenText, textChoices } from "./text-choice.ts";
import { trackNames } from "./track-names.ts";

interface Props {
  tracks: Tracks;
  engine: Engine | undefined;
  onOpen: (open: boolean) => void;
}

const off = "off";

export function TrackMenu({ tracks, engine, onOpen }: Props) {
  const { audio, audioId } = tracks;
  const text = textChoices(tracks);
  const chosen = chosenText(tracks);
  const audioNames = trackNames(audio, viewerLanguage());
  const textNames = trackNames(text, viewerLanguage());
  const chooseAudio = (id: string) => {
    engine?.selectAudio(id);
    const { language, role } = audio.find((track) => track.id === id) ?? {};
    savePreferences({ audioLanguage: language, audioRole: role });
  };
  const chooseText = (id: string) => {
    engine?.selectText(id === off ? undefined : id);
    const { language, role } = text.find((track) => track.id === id) ?? {};
    savePreferences({ textLanguage: language, textRole: role });
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
        chosen={chosen?.id ?? off}
        onChoose={chooseText}
      />
    </Menu>
  );
}
