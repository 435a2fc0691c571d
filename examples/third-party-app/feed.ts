import type { Item } from "@flix/sdk";

export type Title = Item<"listTitles">;

/** Writes titles as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1), which feed readers, sites and chat bots take as it is. */
export function feedOf(titles: readonly Title[], server: string): Feed {
  return {
    version: "https://jsonfeed.org/version/1.1",
    title: "New to watch",
    home_page_url: new URL("/", server).href,
    items: titles.map((title) => itemOf(title, server)),
  };
}

export interface Feed {
  version: string;
  title: string;
  home_page_url: string;
  items: FeedItem[];
}

export interface FeedItem {
  id: string;
  url: string;
  title: string;
  content_text: string;
  language: string;
  tags: string[];
  authors: { name: string }[];
  image?: string;
  banner_image?: string;
  date_published?: string;
  date_modified: string;
  /** What the format has no field for; extensions begin with an underscore. */
  _flix: Pick<Title, "kind" | "availability" | "duration_seconds" | "maturity" | "release_year">;
}

function itemOf(title: Title, server: string): FeedItem {
  const { kind, availability, duration_seconds, maturity, release_year } = title;
  return {
    id: title.id,
    url: new URL(`/titles/${title.id}`, server).href,
    title: title.title,
    content_text: title.synopsis ?? title.title,
    language: title.original_language,
    tags: title.genres,
    authors: title.cast.filter(({ role }) => role === "director").map(({ name }) => ({ name })),
    ...pictures(title, server),
    ...(title.published_at && { date_published: title.published_at }),
    date_modified: title.updated_at,
    _flix: { kind, availability, duration_seconds, maturity, release_year },
  };
}

/** Artwork stands at public addresses that never change what they show, relative to the platform. */
function pictures({ artwork }: Title, server: string): Pick<FeedItem, "image" | "banner_image"> {
  const urlOf = (wanted: string) => {
    const picture = artwork.find(({ kind }) => kind === wanted);
    return picture && new URL(picture.url, server).href;
  };
  const [image, banner] = [urlOf("poster"), urlOf("backdrop")];
  return { ...(image && { image }), ...(banner && { banner_image: banner }) };
}
