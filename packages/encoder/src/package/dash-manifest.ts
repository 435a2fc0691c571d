/** One Representation of a static MPD with SegmentTemplate and SegmentTimeline (ISO/IEC 23009-1), as the packager writes it. */
export interface Representation {
  contentType: string;
  language: string | null;
  codecs: string;
  timescale: number;
  init: string;
  segments: { path: string; start: number; duration: number }[];
}

export interface DashManifest {
  isStatic: boolean;
  durationSeconds: number;
  representations: Representation[];
}

interface Tag {
  name: string;
  attributes: Map<string, string>;
}

export function readDashManifest(xml: string): DashManifest {
  const manifest: DashManifest = { isStatic: false, durationSeconds: 0, representations: [] };
  let adaptation = new Map<string, string>();
  let template = new Map<string, string>();
  for (const { name, attributes } of tags(xml)) {
    const current = manifest.representations.at(-1);
    if (name === "MPD") {
      manifest.isStatic = attributes.get("type") === "static";
      manifest.durationSeconds = isoSeconds(attributes.get("mediaPresentationDuration") ?? "");
    } else if (name === "AdaptationSet") adaptation = attributes;
    else if (name === "Representation") manifest.representations.push(representation(adaptation, attributes));
    else if (name === "SegmentTemplate" && current) {
      template = attributes;
      current.timescale = Number(attributes.get("timescale") ?? 1);
      current.init = attributes.get("initialization") ?? "";
    } else if (name === "S" && current) addSegments(current, template, attributes);
  }
  return manifest;
}

function representation(adaptation: Map<string, string>, attributes: Map<string, string>): Representation {
  return {
    contentType: adaptation.get("contentType") ?? "",
    language: adaptation.get("lang") ?? null,
    codecs: attributes.get("codecs") ?? "",
    timescale: 1,
    init: "",
    segments: [],
  };
}

/** `<S t d r>`: t where the one before ended unless it is given, r more of the same length. */
function addSegments(current: Representation, template: Map<string, string>, s: Map<string, string>): void {
  const previous = current.segments.at(-1);
  const duration = Number(s.get("d"));
  let start = s.has("t") ? Number(s.get("t")) : previous ? previous.start + previous.duration : 0;
  for (let repeat = Number(s.get("r") ?? 0); repeat >= 0; repeat -= 1) {
    const number = Number(template.get("startNumber") ?? 1) + current.segments.length;
    current.segments.push({
      path: (template.get("media") ?? "").replace("$Number$", String(number)),
      start,
      duration,
    });
    start += duration;
  }
}

function* tags(xml: string): Generator<Tag> {
  for (const [, name = "", rest = ""] of xml.matchAll(/<([A-Za-z]\w*)((?:\s+[\w:]+="[^"]*")*)\s*\/?>/g)) {
    const pairs = rest.matchAll(/([\w:]+)="([^"]*)"/g);
    yield { name, attributes: new Map([...pairs].map(([, key = "", value = ""]) => [key, value])) };
  }
}

function isoSeconds(duration: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
