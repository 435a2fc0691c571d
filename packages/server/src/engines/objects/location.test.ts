import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseLocation } from "./location.ts";

const amazon = {
  kind: "s3",
  prefix: "",
  endpoint: undefined,
  publicEndpoint: undefined,
  region: undefined,
  pathStyle: false,
};

test.each([
  ["objects", { kind: "directory", directory: resolve("objects") }],
  ["/mnt/s3/media", { kind: "directory", directory: "/mnt/s3/media" }],
  ["s3://films", { ...amazon, bucket: "films" }],
  ["s3://films/", { ...amazon, bucket: "films" }],
  [
    "s3://films/vod/live%20one/?region=eu-central-1",
    { ...amazon, bucket: "films", prefix: "vod/live one", region: "eu-central-1" },
  ],
  [
    "s3://films/vod?endpoint=http://127.0.0.1:9000/",
    { ...amazon, bucket: "films", prefix: "vod", endpoint: "http://127.0.0.1:9000", pathStyle: true },
  ],
  [
    "s3://films?endpoint=https%3A%2F%2Fs3.example.com&path_style=false",
    { ...amazon, bucket: "films", endpoint: "https://s3.example.com" },
  ],
  [
    "s3://films?endpoint=http://minio:9000&public_endpoint=https://s3.example.com/",
    {
      ...amazon,
      bucket: "films",
      endpoint: "http://minio:9000",
      publicEndpoint: "https://s3.example.com",
      pathStyle: true,
    },
  ],
  ["s3://films?path_style=true", { ...amazon, bucket: "films", pathStyle: true }],
])("%s", (value, location) => {
  expect(parseLocation(value)).toEqual(location);
});

test.each([
  ["gs://films", /must be a directory, or a URL such as s3:\/\//],
  ["s3:///films", /must name a bucket/],
  ["s3://a", /must name a bucket/],
  ["s3://films:9000/vod", /must name a bucket/],
  ["s3://key:secret@films/vod", /must hold no keys: set AWS_ACCESS_KEY_ID/],
  ["s3://films/../vod%2F..", /prefix/],
  ["s3://films/.hidden", /prefix/],
  ["s3://films//vod", /prefix/],
  ["s3://films/%zz", /percent-encoded/],
  [
    "s3://films?endpiont=http://127.0.0.1",
    /no parameter endpiont: endpoint, public_endpoint, region, path_style/,
  ],
  ["s3://films?endpoint=127.0.0.1:9000", /http or https URL/],
  ["s3://films?public_endpoint=https://s3.example.com", /region beside its public_endpoint/],
  ["s3://films?public_endpoint=s3.example.com", /http or https URL as its public_endpoint/],
  ["s3://films?endpoint=http://key:secret@127.0.0.1:9000", /http or https URL/],
  ["s3://films?path_style=yes", /true or false/],
])("%s is refused", (value, reason) => {
  expect(() => parseLocation(value)).toThrow(reason);
});
