/** Bundles each entry point twice: as an ES module and as a classic script. */
import { build } from "esbuild";

export const ENTRY_POINTS = ["encrypt"];

/** Evergreen browsers of the last three years. */
const TARGET = ["chrome109", "firefox115", "safari16.4"];

for (const entryPoint of ENTRY_POINTS) {
  const bundle = {
    entryPoints: [`${entryPoint}.js`],
    bundle: true,
    minify: true,
    sourcemap: true,
    target: TARGET,
    legalComments: /** @type {const} */ ("none"),
  };
  await build({ ...bundle, format: "esm", outfile: `dist/${entryPoint}.esm.js` });
  await build({
    ...bundle,
    format: "iife",
    globalName: "DgsPay",
    outfile: `dist/${entryPoint}.global.js`,
  });
}
