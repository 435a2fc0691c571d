import { deleteRating, setRating, type Output } from "@flix/sdk";
import { useState } from "react";
import type { Title } from "../artwork/artwork.ts";
import { Icon, type IconName } from "../artwork/icon.tsx";
import { useViewer } from "../session/session.tsx";

export type Thumbs = Output<"setRating">["thumbs"];

const choices: { thumbs: Thumbs; icon: IconName; label: string }[] = [
  { thumbs: "down", icon: "down", label: "Not for me" },
  { thumbs: "up", icon: "up", label: "I like this" },
  { thumbs: "double_up", icon: "heart", label: "I love this" },
];

/** What the profile thinks of a title; the same button again takes it back. */
export function RatingButtons({ title, rating }: { title: Pick<Title, "id">; rating: Thumbs | undefined }) {
  const { client, profile } = useViewer();
  const [chosen, setChosen] = useState(rating);
  const choose = async (thumbs: Thumbs) => {
    const place = { profile_id: profile.id, title_id: title.id };
    const next = thumbs === chosen ? undefined : thumbs;
    setChosen(next);
    try {
      await (next ? setRating(client, { ...place, body: { thumbs: next } }) : deleteRating(client, place));
    } catch {
      setChosen(chosen);
    }
  };
  return choices.map(({ thumbs, icon, label }) => (
    <button
      key={thumbs}
      type="button"
      className={thumbs === chosen ? "button round primary" : "button round"}
      aria-pressed={thumbs === chosen}
      aria-label={label}
      title={label}
      onClick={() => void choose(thumbs)}
    >
      <Icon name={icon} />
    </button>
  ));
}
