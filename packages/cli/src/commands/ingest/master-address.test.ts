import { expect, test } from "vitest";
import { isAddress, shownMaster } from "./master-address.ts";

test.for([
  ["masters/film.mov", "masters/film.mov"],
  ["https:film.mov", "https:film.mov"],
  [
    "https://ann:secret@media.example.com/secret/Big%20Buck%20Bunny%20(2008).mov?sig=secret#secret",
    "https://media.example.com/Big Buck Bunny (2008).mov",
  ],
  ["https://media.example.com/%E0%A4.mov", "https://media.example.com/%E0%A4.mov"],
  [
    "s3://masters/2026/Sintel (2010).mov?endpoint=https://minio.example.com",
    "s3://masters/2026/Sintel (2010).mov",
  ],
])("%s is told as %s", ([master = "", shown]) => {
  expect(shownMaster(master)).toBe(shown);
  expect(isAddress(master)).toBe(master.includes("://"));
});
