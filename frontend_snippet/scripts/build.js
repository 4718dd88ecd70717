/**
 * Bundles each entry point twice, as an ES module and as a classic script. esbuild puts
 * the modules together and terser makes the result small.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { build } from "esbuild";
import { minify } from "terser";

const ENTRY_POINTS = ["encrypt", "saleor-checkout", "card-form"];

/** @type {{ format: "esm" | "iife", extension: string }[]} */
const FORMATS = [
  { format: "esm", extension: "esm.js" },
  { format: "iife", extension: "global.js" },
];

/**
 * The modules of GraphQL and CSS on one line each: there a line break means no more than
 * a space, and the minifiers leave text alone.
 *
 * @type {import("esbuild").Plugin}
 */
const textOnOneLine = {
  name: "text-on-one-line",
  setup(build) {
    build.onLoad({ filter: /(documents|styles)\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/\n\s*/g, " "),
    }));
  },
};

await mkdir("dist", { recursive: true });
await buildReactExample();
for (const entryPoint of ENTRY_POINTS) {
  for (const { format, extension } of FORMATS) {
    await bundle(entryPoint, format, `${entryPoint}.${extension}`);
  }
}

/**
 * @param {string} entryPoint
 * @param {"esm" | "iife"} format
 * @param {string} file
 */
async function bundle(entryPoint, format, file) {
  const { outputFiles } = await build({
    entryPoints: [`${entryPoint}.js`],
    outfile: `dist/${file}`,
    bundle: true,
    format,
    globalName: "DgsPay",
    plugins: [textOnOneLine],
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
