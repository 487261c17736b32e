// Judges edits with Microsoft's jsonc-parser, which has no part in making them.
// argv: the folder with node_modules. A line in: {"before", "after", "path", "entry"}; a line out: "" or what is wrong.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";

const { parse } = createRequire(`${process.argv[2]}/`)("jsonc-parser");

function read(text) {
  const errors = [];
  const value = parse(text, errors, { allowTrailingComma: true, disallowComments: false });
  return { value, errors };
}

function judge({ before, after, path, entry }) {
  const was = read(before);
  const is = read(after);
  if (was.errors.length) return "the document was not valid to begin with";
  if (is.errors.length) return `the edit is not valid: ${JSON.stringify(is.errors)}`;
  let at = was.value;
  for (const key of path.slice(0, -1)) {
    at[key] ??= {};
    at = at[key];
  }
  at[path.at(-1)] = entry;
  return isDeepStrictEqual(was.value, is.value) ? "" : "it does not read as before plus the entry";
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(judge(JSON.parse(line))));
