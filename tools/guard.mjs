// Runs before every root script, on whatever Node there is: the right one comes from the workspace's own
// `node` package, so an old one here means that the install did not finish.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `flix needs Node 22.18 or later, this is ${process.versions.node}.\n` +
      "The workspace brings its own Node; the install before this script must have failed.\n" +
      "Run: npx -y pnpm@12 install",
  );
  process.exit(1);
}
