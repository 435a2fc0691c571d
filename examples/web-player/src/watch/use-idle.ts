import { useEffect, useState, type RefObject } from "react";

const idleMs = 3_000;

/** True once nobody has moved, touched or typed for a moment; never while `busy`. */
export function useIdle(stage: RefObject<HTMLElement | null>, busy: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const element = stage.current;
    if (!element || busy) return undefined;
    let timer = setTimeout(() => setIdle(true), idleMs);
    const wake = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), idleMs);
    };
    const signs = ["pointermove", "pointerdown", "focusin"];
    for (const sign of signs) element.addEventListener(sign, wake);
    addEventListener("keydown", wake);
    return () => {
      clearTimeout(timer);
      setIdle(false);
      for (const sign of signs) element.removeEventListener(sign, wake);
      removeEventListener("keydown", wake);
    };
  }, [stage, busy]);
  return idle && !busy;
}
