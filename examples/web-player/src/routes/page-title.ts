import { useEffect } from "react";

/** What the tab, the history and a screen reader call the page; the product alone where it has no name yet. */
export function usePageTitle(name?: string): void {
  useEffect(() => {
    document.title = name === undefined ? product : `${name} · ${product}`;
    return () => {
      document.title = product;
    };
  }, [name]);
}

const product = "flix";
