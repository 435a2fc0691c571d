import { languageTag, type Kind } from "../../kinds.ts";

export interface SubtitleOption {
  language: string;
  path: string;
}

/** `en=film.en.vtt` */
export const subtitleOption: Kind<SubtitleOption> = {
  parse(word) {
    const [, tag = "", path] = /^([^=]+)=(.+)$/s.exec(word) ?? [];
    const language = languageTag.parse(tag);
    return language === undefined || path === undefined ? undefined : { language, path };
  },
  expects: "must be a language and a file such as en=film.en.vtt",
};
