/**
 * Bundles each entry point twice, as an ES module and as a classic script. esbuild puts
 * the modules together and terser makes the result small.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

import { build } from "esbuild";
import { minify } from "terser";

import { describeElement } from "./custom-elements.js";

const ENTRY_POINTS = ["encrypt", "saleor-checkout", "card-form"];

/** What only some customers need. The form loads each by its own address. */
const ON_DEMAND = ["bank-dialog", "countries", "mobile-money"];

/**
 * GraphQL and CSS without the white space that only people need: the minifiers of
 * JavaScript leave text alone.
 *
 * @type {import("esbuild").Plugin}
 */
const smallTexts = {
  name: "small-texts",
  setup(build) {
    build.onLoad({ filter: /(documents|styles|bank-dialog)\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/`[^`]*`/g, (text) =>
        text
          .replace(/\s+/g, " ")
          .replace(/ ?([`{};,]) ?/g, "$1")
          .replace(/([:!]) /g, "$1")
          .replace(/;}/g, "}")
          .replace(/\b0\./g, "."),
      ),
    }));
  },
};

const { default: english } = await import("../form/messages/en.js");
const names = Object.keys(english);

/** The names of the files on demand, by their modules'. @type {Map<string, string>} */
const files = new Map();

/** @type {import("esbuild").Plugin} */
const onDemand = {
  name: "on-demand",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, kind }) => {
      const file = kind === "dynamic-import" && files.get(basename(path, ".js"));
      return file ? { path: `./${file}`, external: true } : undefined;
    });
    build.onLoad({ filter: /messages\/en\.js$/ }, () => ({
      contents: `
        const sentences = ${joined(Object.values(english))};
        export default Object.fromEntries(
          "${names}".split(",").map((name, index) => [name, sentences[index]]));`,
    }));
  },
};

await mkdir("dist", { recursive: true });
await removeFilesOnDemand();
await buildLanguages();
for (const module of ON_DEMAND) {
  const { code } = await bundle(`export * from "./form/${module}.js";`, "esm", `${module}.js`);
  await writeOnDemand(module, code.replace(/\n?\/\/# sourceMappingURL.*/, "\n"));
}
await buildReactExample();
for (const entryPoint of ENTRY_POINTS) {
  const module = `./${entryPoint}.js`;
  await write(await bundle(`export * from "${module}";`, "esm", `${entryPoint}.esm.js`));
  const exported = Object.keys(await import(`.${module}`)).join(", ");
  const script = `import { ${exported} } from "${module}"; globalThis.DgsPay = { ${exported} };`;
  await write(await bundle(script, "iife", `${entryPoint}.global.js`));
}
await writeFile("custom-elements.json", await describeElement());

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
    // Of a classic script too: else it gets a stand-in for Node's require().
    format: "esm",
    plugins: [smallTexts, onDemand],
    minify: true,
    charset: "utf8",
    target: "es2022",
    sourcemap: "external",
    write: false,
  });
  const [map, code] = outputFiles.map((output) => output.text);
  const small = await minify(code ?? "", {
    module: true,
    enclose: format === "iife",
    ecma: 2020,
    // No getter here does anything but read, and no function is made by "new".
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
    sourceMap: { content: map, filename: file, url: `${file}.map` },
  });
  return { file, code: small.code ?? "", map: String(small.map) };
}

/** @param {{ file: string, code: string, map: string }} bundle */
async function write({ file, code, map }) {
  await writeFile(`dist/${file}`, code);
  await writeFile(`dist/${file}.map`, map);
}

async function removeFilesOnDemand() {
  for (const file of await readdir("dist")) {
    if (/^card-form\.[\w-]+\.[0-9a-f]{8}\.js$/.test(file)) await rm(`dist/${file}`);
  }
}

/**
 * A language has the sentences without their names, in the order of the English ones. So
 * the hash in its file's name is of both: a file of another version is not found, instead
 * of misread.
 */
async function buildLanguages() {
  for (const file of await readdir("form/messages")) {
    const language = basename(file, ".js");
    if (language === "en") continue;
    const { default: sentences } = await import(`../form/messages/${file}`);
    await writeOnDemand(
      language,
      `export default ${joined(names.map((name) => sentences[name]))};\n`,
      names.join(),
    );
  }
}

/**
 * @param {string} module
 * @param {string} code
 * @param {string} [context] What the code is to be read with.
 */
async function writeOnDemand(module, code, context = "") {
  const hash = createHash("sha256").update(`${context}${code}`).digest("hex").slice(0, 8);
  const file = `card-form.${module}.${hash}.js`;
  files.set(module, file);
  await writeFile(`dist/${file}`, code);
}

/**
 * @param {string[]} texts
 * @returns {string} An expression for them.
 */
function joined(texts) {
  return `${JSON.stringify(texts.join("|"))}.split("|")`;
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
