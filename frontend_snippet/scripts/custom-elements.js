/**
 * Describes `<dgspay-card-form>` for editors: custom-elements.json, by the Custom Elements
 * Manifest (schema 1.0.0). What it says is read from the tags at the element's class.
 */
import { readFile } from "node:fs/promises";

const SOURCE = "card-form.js";

/** The list of each tag. @type {Record<string, string>} */
const LISTS = {
  attribute: "attributes",
  fires: "events",
  csspart: "cssParts",
  cssprop: "cssProperties",
  prop: "members",
  method: "members",
};

/** @type {Record<string, string>} */
const MEMBERS = { prop: "field", method: "method" };

/** @returns {Promise<string>} */
export async function describeElement() {
  const source = await readFile(new URL(`../${SOURCE}`, import.meta.url), "utf8");
  const [, comment = "", name = ""] =
    source.match(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export class (\w+)/) ?? [];
  /** @type {Record<string, Record<string, unknown>[]>} */
  const lists = { attributes: [], events: [], cssParts: [], cssProperties: [], members: [] };
  let tagName = "";
  for (const tag of comment.replace(/^ *\* ?/gm, "").split(/^@/m)) {
    const [, kind = "", type, item = "", text] =
      tag.trim().match(/^(\w+)(?: \{(.+)\})? ([\w-]+)(?: - ([^]+?))?(?:\n\n[^]*)?$/) ?? [];
    if (kind === "element") tagName = item;
    lists[LISTS[kind] ?? ""]?.push({
      ...(MEMBERS[kind] && { kind: MEMBERS[kind] }),
      name: item,
      ...(type && { type: { text: type } }),
      ...(text && { description: text.trim().replace(/\s+/g, " ") }),
    });
  }
  const declaration = { name, module: SOURCE };
  const manifest = {
    schemaVersion: "1.0.0",
    modules: [
      {
        kind: "javascript-module",
        path: SOURCE,
        declarations: [{ kind: "class", customElement: true, name, tagName, ...lists }],
        exports: [
          { kind: "js", name, declaration },
          { kind: "custom-element-definition", name: tagName, declaration },
        ],
      },
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
