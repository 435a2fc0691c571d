// Preloaded with `node --import`: writes each file that is loaded to the file that FLIX_TEST_LOADED names.
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(process.env.FLIX_TEST_LOADED, `${url}\n`);
    return nextLoad(url, context);
  },
});
