import { expect, test } from "vitest";
import { etagOf, requireMatch } from "./etags.ts";

test.each([['"7"'], ["*"], ['"1", "7"'], [' "7" ,"9"']])("%s matches version 7", (ifMatch) => {
  requireMatch(ifMatch, 7);
});

// RFC 9110 section 13.1.1: If-Match compares strongly, so a weak tag never matches.
test.each([['"8"'], ["7"], ['W/"7"'], ['"77"'], [""], ["'7'"]])("%s does not match version 7", (ifMatch) => {
  expect(() => requireMatch(ifMatch, 7)).toThrow(
    expect.objectContaining({ code: "etag_stale", detail: 'The resource is now at etag "7".' }),
  );
});

test("a resource's own etag matches it", () => {
  requireMatch(etagOf(12), 12);
});
