import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { navigate } from "./history.ts";

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string };

/** A real link, so that it opens in a new tab when asked to; a plain click stays in the page. */
export function Link({ href, onClick, ...rest }: Props) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || hasModifier(event)) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...rest} href={href} onClick={follow} />;
}

function hasModifier({ metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return metaKey || ctrlKey || shiftKey || altKey;
}
