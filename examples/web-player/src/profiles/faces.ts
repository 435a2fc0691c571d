import type { Profile } from "../session/session.tsx";

export interface Face {
  ground: string;
  skin: string;
  ink: string;
  ears?: string;
  head: string;
  /** Drawn over the head, in order: a path and its colour. */
  patches?: [path: string, colour: string][];
  /** From the middle to each eye. */
  eyes: number;
  nose: string;
}

const round = "M20 58a30 29 0 0 1 60 0 30 27 0 0 1-60 0Z";
const pointed = "M22 20l22 16h12l22-16 3 34c0 14-16 30-31 34C35 84 19 68 19 54Z";
const nose = "M46 68h8l-4 5z";
const roundEars = "M18 34a13 13 0 1 1 24 8ZM58 42a13 13 0 1 1 24-8Z";

/** Paths on a grid of 100, a face each. */
export const faces: Record<Profile["avatar"], Face> = {
  fox: {
    ground: "#ffd9a0",
    skin: "#f0752f",
    ink: "#3a1a0c",
    head: pointed,
    eyes: 14,
    nose,
    patches: [
      ["M19 54c10 4 24 14 31 34C35 84 19 68 19 54ZM81 54c-10 4-24 14-31 34C65 84 81 68 81 54Z", "#fff3e2"],
    ],
  },
  owl: {
    ground: "#bfd6c2",
    skin: "#7a5a44",
    ink: "#241812",
    head: "M22 22c8 6 16 8 28 8s20-2 28-8c4 20 6 32 4 44-4 14-18 22-32 22s-28-8-32-22c-2-12 0-24 4-44Z",
    eyes: 15,
    nose: "M46 64h8l-4 9z",
    patches: [
      ["M51 56a16 16 0 1 1-32 0 16 16 0 0 1 32 0ZM81 56a16 16 0 1 1-32 0 16 16 0 0 1 32 0Z", "#f7e8cf"],
    ],
  },
  cat: {
    ground: "#c9c3f2",
    skin: "#474b66",
    ink: "#f6d35b",
    head: "M22 22l20 14h16l20-14 2 36c0 16-14 28-30 28S20 74 20 58Z",
    eyes: 14,
    nose,
    patches: [["M28 32l9 7-8 7ZM72 32l-9 7 8 7Z", "#f2a6b4"]],
  },
  bear: {
    ground: "#f4c7b4",
    skin: "#8a5636",
    ink: "#2b170c",
    ears: roundEars,
    head: round,
    eyes: 14,
    nose: "M45 66h10l-5 6z",
    patches: [["M64 71a14 11 0 1 1-28 0 14 11 0 0 1 28 0Z", "#e4bd98"]],
  },
  panda: {
    ground: "#a9e0cf",
    skin: "#fbfaf6",
    ink: "#fbfaf6",
    ears: "M50 50Z",
    head: round,
    eyes: 14,
    nose: "M50 70Z",
    patches: [
      [roundEars, "#23252e"],
      ["M42 52a9 11 20 1 1-16 8 9 11 20 0 1 16-8ZM58 52a9 11-20 1 0 16 8 9 11-20 0 0-16-8Z", "#23252e"],
      ["M57 70a7 5 0 1 1-14 0 7 5 0 0 1 14 0Z", "#23252e"],
    ],
  },
  tiger: {
    ground: "#fbe3a1",
    skin: "#f59a2c",
    ink: "#2c1606",
    ears: roundEars,
    head: round,
    eyes: 14,
    nose,
    patches: [
      ["M46 30h8l-4 14ZM34 33l7-2-2 11ZM66 33l-7-2 2 11ZM20 58l12 2-11 5ZM80 58l-12 2 11 5Z", "#2c1606"],
      ["M63 72a13 10 0 1 1-26 0 13 10 0 0 1 26 0Z", "#fff1d6"],
    ],
  },
  whale: {
    ground: "#b9e3f7",
    skin: "#2f6fb0",
    ink: "#0d2440",
    head: "M12 58c0-20 18-32 38-32s38 12 38 32-18 28-38 28-38-8-38-28Z",
    eyes: 24,
    nose: "M44 24c-2-8-8-10-12-8 2 6 6 8 12 8ZM56 24c2-8 8-10 12-8-2 6-6 8-12 8Z",
    patches: [["M14 66c10 6 24 8 36 8s26-2 36-8c-4 14-20 20-36 20s-32-6-36-20Z", "#eaf7ff"]],
  },
  dragon: {
    ground: "#f3b7c6",
    skin: "#3f9d6b",
    ink: "#0f2c1d",
    ears: "M24 40 16 14l22 16ZM76 40l8-26-22 16Z",
    head: round,
    eyes: 15,
    nose: "M42 70h3v2h-3zM55 70h3v2h-3z",
    patches: [
      ["M44 32l6-14 6 14ZM36 36l4-10 6 8ZM64 36l-4-10-6 8Z", "#f6d35b"],
      ["M66 71a16 11 0 1 1-32 0 16 11 0 0 1 32 0Z", "#a7dcb2"],
    ],
  },
  robot: {
    ground: "#cfd6e4",
    skin: "#5d6b8a",
    ink: "#68f0d2",
    ears: "M47 16h6v14h-6zM14 48h8v20h-8zM78 48h8v20h-8z",
    head: "M22 36a8 8 0 0 1 8-8h40a8 8 0 0 1 8 8v42a8 8 0 0 1-8 8H30a8 8 0 0 1-8-8Z",
    eyes: 13,
    nose: "M38 74h24v2H38z",
    patches: [
      ["M29 44h42v22H29z", "#1d2435"],
      ["M55 15a5 5 0 1 1-10 0 5 5 0 0 1 10 0Z", "#ffb83d"],
    ],
  },
  astronaut: {
    ground: "#2b2f57",
    skin: "#f1f3f8",
    ink: "#20243f",
    head: "M14 56a36 34 0 0 1 72 0 36 32 0 0 1-72 0Z",
    eyes: 11,
    nose: "M46 68c2 2 6 2 8 0z",
    patches: [
      ["M26 42h48a6 6 0 0 1 6 6v14c0 10-12 16-30 16s-30-6-30-16V48a6 6 0 0 1 6-6Z", "#ffb83d"],
      ["M32 48h8l-6 16h-6ZM46 48h4l-6 16h-4Z", "#ffd894"],
    ],
  },
  ghost: {
    ground: "#8e7cf0",
    skin: "#fdfbff",
    ink: "#2c2358",
    head: "M22 88V50c0-18 12-30 28-30s28 12 28 30v38l-9-8-9 8-10-8-10 8-9-8Z",
    eyes: 11,
    nose: "M47 66a3 4 0 0 1 6 0 3 4 0 0 1-6 0Z",
    patches: [["M34 66a5 3 0 1 1-10 0 5 3 0 0 1 10 0ZM76 66a5 3 0 1 1-10 0 5 3 0 0 1 10 0Z", "#ffc4d6"]],
  },
  cactus: {
    ground: "#ffcf8f",
    skin: "#3f8f5b",
    ink: "#12301d",
    ears: "M14 44a6 6 0 0 1 12 0v10h8v12h-8c-7 0-12-5-12-12ZM86 36a6 6 0 0 0-12 0v12h-8v12h8c7 0 12-5 12-12Z",
    head: "M30 38a20 20 0 0 1 40 0v50H30Z",
    eyes: 9,
    nose: "M46 66c2 3 6 3 8 0z",
    patches: [["M44 20c0-6 12-6 12 0 4-2 6 6 0 6H44c-6 0-4-8 0-6Z", "#f26d85"]],
  },
};
