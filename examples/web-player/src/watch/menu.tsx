import { useEffect, useRef, useState, type ReactNode } from "react";
import { Icon, type IconName } from "../artwork/icon.tsx";
import styles from "./player.module.css";

interface Props {
  icon: IconName;
  label: string;
  onOpen: (open: boolean) => void;
  children: ReactNode;
}

/** A button of the player that opens a panel above it. Escape, a press elsewhere and leaving by Tab close it. */
export function Menu({ icon, label, onOpen, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => onOpen(open), [open, onOpen]);
  useEffect(() => {
    if (!open) return undefined;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) setOpen(false);
    };
    addEventListener("pointerdown", closeOutside);
    addEventListener("focusin", closeOutside);
    return () => {
      removeEventListener("pointerdown", closeOutside);
      removeEventListener("focusin", closeOutside);
    };
  }, [open]);
  return (
    <div
      ref={frame}
      className={styles.menu}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className={styles.control}
        aria-label={label}
        title={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
      </button>
      {open && (
        <div className={styles.panel} role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}

interface ChoiceProps {
  name: string;
  legend: string;
  options: { value: string; label: string }[];
  chosen: string;
  onChoose: (value: string) => void;
}

export function Choice({ name, legend, options, chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset className={styles.choice}>
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <Icon name="check" />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
