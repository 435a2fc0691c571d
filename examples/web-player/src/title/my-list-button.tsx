import { addToMyList, removeFromMyList } from "@flix/sdk";
import { useState } from "react";
import type { Title } from "../artwork/artwork.ts";
import { Icon } from "../artwork/icon.tsx";
import { useViewer } from "../session/session.tsx";

interface Props {
  title: Pick<Title, "id" | "title">;
  onMyList: boolean;
  onChange: () => void;
}

/** Answers at once; when the platform did not take it, it goes back. */
export function MyListButton({ title, onMyList, onChange }: Props) {
  const { client, profile } = useViewer();
  const [wanted, setWanted] = useState(onMyList);
  const toggle = async () => {
    const entry = { profile_id: profile.id, title_id: title.id };
    setWanted(!wanted);
    try {
      await (wanted ? removeFromMyList(client, entry) : addToMyList(client, entry));
      onChange();
    } catch {
      setWanted(wanted);
    }
  };
  return (
    <button
      type="button"
      className="button round"
      aria-pressed={wanted}
      aria-label="My list"
      title={wanted ? "Take it off my list" : "Add to my list"}
      onClick={() => void toggle()}
    >
      <Icon name={wanted ? "check" : "plus"} />
    </button>
  );
}
