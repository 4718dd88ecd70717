/**
 * Prints a script tag with its Subresource Integrity hash for each bundle, and an import
 * map with the hashes of all modules: of those too that the form loads by itself.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

const dist = new URL("../dist/", import.meta.url);
const files = (await readdir(dist)).filter((file) => file.endsWith(".js")).sort();

/** @type {Record<string, string>} */
const integrity = {};
for (const file of files) {
  const hash = createHash("sha384").update(await readFile(new URL(file, dist)));
  const digest = `sha384-${hash.digest("base64")}`;
  if (!file.endsWith(".global.js")) integrity[`./${file}`] = digest;
  if (!/\.(esm|global)\.js$/.test(file)) continue;
  const type = file.endsWith(".esm.js") ? ' type="module"' : "";
  console.log(
    `<script${type} src="${file}" integrity="${digest}" crossorigin="anonymous"></script>`,
  );
}
console.log(`<script type="importmap">\n${JSON.stringify({ integrity }, null, 2)}\n</script>`);
