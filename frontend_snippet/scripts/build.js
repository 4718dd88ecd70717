/**
 * Bundles each entry point twice, as an ES module and as a classic script. esbuild puts
 * the modules together and terser makes the result small.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

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

const { default: english } = await import("../form/messages/en.js");
const names = Object.keys(english);

/**
 * A language that only some read is a file of its own. It has the sentences without
 * their names, so that the name of the file says which names they are of, in which order:
 * a file of another version is not found, instead of misread.
 */
const edition = createHash("sha256").update(names.join()).digest("hex").slice(0, 8);
const fileOf = (/** @type {string} */ language) => `card-form.${language}.${edition}.js`;

/** @type {import("esbuild").Plugin} */
const languagesApart = {
  name: "languages-apart",
  setup(build) {
    build.onResolve({ filter: /messages\/\w+\.js$/ }, ({ path, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      return { path: `./${fileOf(basename(path, ".js"))}`, external: true };
    });
    build.onLoad({ filter: /messages\/en\.js$/ }, () => ({
      contents: `
        const sentences = ${joined(english)};
        export default Object.fromEntries(
          "${names}".split(",").map((name, index) => [name, sentences[index]]));`,
    }));
  },
};

await mkdir("dist", { recursive: true });
await buildLanguages();
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
    plugins: [smallTexts, languagesApart],
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

/** Beside the bundles, which load them by their own address. */
async function buildLanguages() {
  for (const file of await readdir("dist")) {
    if (/^card-form\.\w\w\.\w+\.js$/.test(file)) await rm(`dist/${file}`);
  }
  for (const file of await readdir("form/messages")) {
    const language = basename(file, ".js");
    if (language === "en") continue;
    const { default: sentences } = await import(`../form/messages/${file}`);
    await writeFile(`dist/${fileOf(language)}`, `export default ${joined(sentences)};\n`);
  }
}

/**
 * @param {Record<string, string>} sentences
 * @returns {string} An expression for the sentences in the order of the English ones.
 */
function joined(sentences) {
  return `${JSON.stringify(names.map((name) => sentences[name]).join("|"))}.split("|")`;
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
