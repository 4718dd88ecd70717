/** Prints a script tag with its Subresource Integrity hash for each bundle. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

const dist = new URL("../dist/", import.meta.url);
/** No tag loads the files of single languages: the form does. */
const isForTag = (/** @type {string} */ file) => /\.(esm|global)\.js$/.test(file);
const bundles = (await readdir(dist)).filter(isForTag).sort();

for (const bundle of bundles) {
  const hash = createHash("sha384").update(await readFile(new URL(bundle, dist)));
  const type = bundle.endsWith(".esm.js") ? ' type="module"' : "";
  console.log(
    `<script${type} src="${bundle}" integrity="sha384-${hash.digest("base64")}"` +
      ' crossorigin="anonymous"></script>',
  );
}
