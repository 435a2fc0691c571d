/** Who may import whom: docs/DESIGN.md in rules. `tools/import-rules/fixture` breaks each once, to prove that it bites. */
const fixture = process.env.FLIX_IMPORT_FIXTURE === "1" ? "tools/import-rules/fixture/" : "";
const packages = `^${fixture}packages`;
const modules = `${packages}/server/src/modules`;
const test = "\\.test\\.tsx?$|/testing/";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** Lower modules first: a module may import the faces of those named here. */
const mayImport = {
  users: [],
  catalog: [],
  media: ["catalog"],
  billing: ["users"],
  playback: ["users", "catalog", "media", "billing"],
  recommendations: ["users", "catalog", "playback"],
  edge: ["playback"],
  analytics: [],
  ops: [],
};

export default {
  forbidden: [
    rule("no-circle", "Imports form no circle.", { pathNot: test }, { circular: true }),
    rule(
      "kernel-knows-no-module",
      "Mechanisms know no business.",
      { path: `${packages}/server/src/(kernel|engines)/`, pathNot: test },
      { path: `${modules}/` },
    ),
    rule(
      "modules-by-their-face",
      "A module reaches another only through its index.ts.",
      { path: `${modules}/([^/]+)/`, pathNot: test },
      { path: `${modules}/([^/]+)/`, pathNot: [`${modules}/$1/`, `${modules}/[^/]+/index\\.ts$`] },
    ),
    ...Object.entries(mayImport).map(([module, lower]) =>
      rule(
        `${module}-imports-lower-modules`,
        `${module} may import ${lower.join(", ") || "no other module"}.`,
        { path: `${modules}/${module}/`, pathNot: test },
        { path: `${modules}/`, pathNot: `${modules}/(${[module, ...lower].join("|")})/` },
      ),
    ),
    rule(
      "concepts-are-pure",
      "Concepts import neither operations nor stores.",
      { path: `${modules}/[^/]+/[^/]+\\.ts$`, pathNot: [test, "/(index|context|store|routes|tables)\\.ts$"] },
      { path: `${modules}/[^/]+/operations/` },
    ),
    rule(
      "one-composition-root",
      "Only app.ts knows every module.",
      { path: `${packages}/server/src/[^/]+\\.ts$`, pathNot: [test, "/app\\.ts$"] },
      { path: `${modules}/` },
    ),
    rule(
      "sdk-stands-alone",
      "The SDK runs everywhere: no Node, no other package.",
      { path: `${packages}/sdk/src/`, pathNot: test },
      { path: [`${packages}/(server|cli|encoder)/`], dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "sdk-without-node",
      "The SDK runs in browsers.",
      { path: `${packages}/sdk/src/`, pathNot: test },
      { dependencyTypes: ["core"] },
    ),
    rule(
      "encoder-imports-sdk-only",
      "The encoder uploads through the SDK.",
      { path: `${packages}/encoder/src/`, pathNot: test },
      { path: `${packages}/(server|cli)/` },
    ),
    rule(
      "server-imports-no-client",
      "The server is called, it does not call.",
      { path: `${packages}/server/src/`, pathNot: test },
      { path: `${packages}/(sdk|cli|encoder)/` },
    ),
    rule(
      "cli-knows-server-only-in-up-and-doctor",
      "The CLI imports the server for `flix up`, and for `flix doctor`, which checks engines as the server does.",
      { path: `${packages}/cli/src/`, pathNot: [test, "/commands/up", "/commands/doctor/engines\\.ts$"] },
      { path: `${packages}/server/` },
    ),
    rule(
      "one-room-for-ffmpeg",
      "fluent-ffmpeg drives from one file.",
      { path: `${packages}/`, pathNot: [test, "/encoder/src/programs/ffmpeg\\.ts$"] },
      { path: "fluent-ffmpeg" },
    ),
    rule(
      "one-room-for-s3",
      "Buckets are reached through the encoder's objects and the server's engine.",
      {
        path: `${packages}/`,
        pathNot: [test, "/encoder/src/objects/s3\\.ts$", "/server/src/engines/objects/s3"],
      },
      { path: "@aws-sdk/" },
    ),
    rule(
      "one-room-for-amqp",
      "RabbitMQ is reached through one file of the encoder and one of the server.",
      {
        path: `${packages}/`,
        pathNot: [test, "/encoder/src/workers/broker\\.ts$", "/server/src/engines/jobs/rabbitmq/link\\.ts$"],
      },
      { path: "amqplib" },
    ),
    rule(
      "one-room-for-kafka",
      "Kafka is reached through the events engine.",
      { path: `${packages}/`, pathNot: [test, "/server/src/engines/events/kafka"] },
      { path: "kafkajs" },
    ),
    rule(
      "one-room-for-redis",
      "Redis is reached through one file.",
      { path: `${packages}/`, pathNot: [test, "/server/src/engines/redis/client\\.ts$"] },
      { path: "@redis/client" },
    ),
    rule(
      "examples-use-the-sdk",
      "Examples are what a third party can write.",
      { path: `^${fixture}examples/`, pathNot: test },
      { path: `${packages}/(server|cli|encoder)/` },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: fixture === "" ? "tools/import-rules/fixture|/dist/" : "/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      conditionNames: ["@flix/source", "import", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
