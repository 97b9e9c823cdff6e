// Makes the types of the app's calls from the committed contract: the operations that a survivor's app calls, and the
// schemas that they need.
//
//     node scripts/generate.mjs FILE            writes them
//     node scripts/generate.mjs --check FILE    fails where they are not what FILE holds

import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { parse } from "yaml";

const contract = new URL("../../../openapi.yaml", import.meta.url);
const head = "// Made from the contract by scripts/generate.mjs: change nothing here, run `npm run generate`.\n\n";
const isCalled = (path) => /^\/(app\/v1|public\/v1\/(support-services|forces|behaviours)|health\/ready)/.test(path);

/** The document with those paths alone, and of the components what they lead to. */
function ofTheApp(document) {
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => isCalled(path)));
  const components = {};
  const waiting = [paths];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node === null || typeof node !== "object") continue;
    for (const [name, value] of Object.entries(node)) {
      if (name !== "$ref" || typeof value !== "string") {
        waiting.push(value);
        continue;
      }
      const [kind, ...rest] = value.replace("#/components/", "").split("/");
      const key = rest.join("/");
      components[kind] ??= {};
      if (!(key in components[kind])) {
        components[kind][key] = document.components[kind][key];
        waiting.push(components[kind][key]);
      }
    }
  }
  const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1)));
  return {
    openapi: document.openapi,
    info: document.info,
    paths,
    components: sorted(Object.fromEntries(Object.entries(components).map(([kind, map]) => [kind, sorted(map)]))),
  };
}

const isCheck = process.argv[2] === "--check";
const file = process.argv[isCheck ? 3 : 2];
const types = head + astToString(await openapiTS(ofTheApp(parse(readFileSync(contract, "utf8")))));
if (!isCheck) {
  writeFileSync(file, types);
} else if (readFileSync(file, "utf8") !== types) {
  console.error(`${file} is not what the contract says: run npm run generate`);
  process.exit(1);
}
