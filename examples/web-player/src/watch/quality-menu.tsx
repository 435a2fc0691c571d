import { useState } from "react";
import type { Engine, Rendition, Tracks } from "./engine.ts";
import { Choice, Menu } from "./menu.tsx";

interface Props {
  tracks: Tracks;
  rendition: Rendition | undefined;
  engine: Engine | undefined;
  onOpen: (open: boolean) => void;
}

const automatic = "auto";

/** For this film only: a quality that suits one connection is the wrong one on the next. */
export function QualityMenu({ tracks: { heights }, rendition, engine, onOpen }: Props) {
  const [chosen, setChosen] = useState(automatic);
  const choose = (value: string) => {
    setChosen(value);
    engine?.selectHeight(value === automatic ? undefined : Number(value));
  };
  const now = chosen === automatic && rendition ? ` (${rendition.height}p)` : "";
  return (
    <Menu icon="quality" label="Quality" onOpen={onOpen}>
      <Choice
        name="quality"
        legend="Quality"
        options={[
          { value: automatic, label: `Automatic${now}` },
          ...heights.map((height) => ({ value: String(height), label: `${height}p` })),
        ]}
        chosen={chosen}
        onChoose={choose}
      />
    </Menu>
  );
}
