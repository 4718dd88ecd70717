/**
 * Bundles each entry point twice, as an ES module and as a classic script. esbuild puts
 * the modules together and terser makes the result small.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { build } from "esbuild";
import { minify } from "terser";

const ENTRY_POINTS = ["encrypt", "saleor-checkout", "card-form"];

/**
 * GraphQL and CSS without the white space that only people need: the minifiers of
 * JavaScript leave text alone.
 *
 * @type {import("esbuild").Plugin}
 */
const smallTexts = {
  name: "small-texts",
  setup(build) {
    build.onLoad({ filter: /(documents|styles)\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/`[^`]*`/g, (text) =>
        text
          .replace(/\s+/g, " ")
          .replace(/ ?([`{};,]) ?/g, "$1")
          .replace(/([:!]) /g, "$1"),
      ),
    }));
  },
};

/**
 * The languages without the names of their sentences, which are the same in all.
 *
 * @type {import("esbuild").Plugin}
 */
const namesOfSentencesOnce = {
  name: "names-of-sentences-once",
  setup(build) {
    build.onLoad({ filter: /messages\/\w+\.js$/ }, async ({ path }) => {
      const { default: english } = await import("../form/messages/en.js");
      const { default: sentences } = await import(path);
      const names = Object.keys(english);
      const ordered = names.map((name) => sentences[name]);
      return {
        resolveDir: dirname(path),
        contents: path.endsWith("en.js")
          ? `export const byName = (text) => {
               const sentences = text.split("|");
               return Object.fromEntries("${names}".split(",").map((name, index) => [name, sentences[index]]));
             };
             export default byName(${JSON.stringify(ordered.join("|"))});`
          : `import { byName } from "./en.js";
             export default byName(${JSON.stringify(ordered.join("|"))});`,
      };
    });
  },
};

await mkdir("dist", { recursive: true });
await buildReactExample();
for (const entryPoint of ENTRY_POINTS) {
  const module = `./${entryPoint}.js`;
  await bundle(`export * from "${module}";`, "esm", `${entryPoint}.esm.js`);
  const names = Object.keys(await import(`.${module}`)).join(", ");
  const script = `import { ${names} } from "${module}"; globalThis.DgsPay = { ${names} };`;
  await bundle(script, "iife", `${entryPoint}.global.js`);
}

/**
 * @param {string} program
 * @param {"esm" | "iife"} format
 * @param {string} file
 */
async function bundle(program, format, file) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: "." },
    outfile: `dist/${file}`,
    bundle: true,
    format,
    plugins: [smallTexts, namesOfSentencesOnce],
    minify: true,
    charset: "utf8",
    target: "es2022",
    sourcemap: "external",
    write: false,
  });
  const [map, code] = outputFiles.map((output) => output.text);
  const small = await minify(code ?? "", {
    module: format === "esm",
    ecma: 2020,
    compress: { passes: 3 },
    sourceMap: { content: map, filename: file, url: `${file}.map` },
  });
  await writeFile(`dist/${file}`, small.code ?? "");
  await writeFile(`dist/${file}.map`, String(small.map));
}

/**
 * As a store's own bundler would: the package by its name, React beside it. In React's
 * development mode, which runs every effect twice to find those that cannot bear it.
 */
async function buildReactExample() {
  await build({
    entryPoints: ["examples/react/main.jsx"],
    outfile: "dist/examples/react.js",
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
  });
}
