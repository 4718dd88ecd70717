/** custom-elements.json says what the element's source and its types say. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";

import { DgsPayCardForm } from "../card-form.js";
import { describeElement } from "../scripts/custom-elements.js";

const read = (/** @type {string} */ file) =>
  readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
const text = await describeElement();
const element = JSON.parse(text).modules[0].declarations[0];
const sources = ["card-form.js", ...readdirSync(new URL("../form", import.meta.url))]
  .filter((file) => file.endsWith(".js"))
  .map((file) => read(file === "card-form.js" ? file : `form/${file}`))
  .join("\n");

/** @param {{ name: string }[]} described */
const names = (described) => described.map(({ name }) => name).toSorted();
/** @param {RegExp} pattern @param {string} source */
const found = (pattern, source) =>
  [...new Set([...source.matchAll(pattern)].map(([, name]) => name))].toSorted();

describe("the custom elements manifest", () => {
  it("is the one in the package", () => {
    assert.equal(JSON.parse(read("package.json")).customElements, "custom-elements.json");
    assert.equal(read("custom-elements.json"), text);
  });

  it("has the element's attributes", () => {
    const read = found(/given\("([\w-]+)"\)/g, sources);
    assert.deepEqual(names(element.attributes), [...read, "lang"].toSorted());
    for (const name of DgsPayCardForm.observedAttributes) {
      assert(names(element.attributes).includes(name), name);
    }
  });

  it("has the attributes of the React types, of the same types", () => {
    const react = read("types/react.d.ts");
    for (const { name, type } of element.attributes) {
      if (name === "lang") continue;
      const spelled = name.includes("-") ? `"${name}"` : name;
      assert(react.includes(`  ${spelled}?: ${type.text};`), name);
    }
  });

  it("has the events, with the types of their details", () => {
    assert.deepEqual(names(element.events), found(/emit\("(dgspay-\w+)"/g, sources));
    const types = read("types/card-form.d.ts");
    for (const { name, type } of element.events) {
      assert(types.includes(`"${name}": ${type.text};`), name);
    }
  });

  it("has the properties and the method", () => {
    const members = Object.entries(Object.getOwnPropertyDescriptors(DgsPayCardForm.prototype))
      .filter(([name]) => !/^constructor$|Callback$/.test(name))
      .map(([name, { get }]) => ({ name, kind: get ? "field" : "method" }));
    assert.deepEqual(names(element.members), names(members));
    for (const { name, kind } of element.members) {
      assert.equal(kind, members.find((member) => member.name === name)?.kind, name);
    }
  });

  it("has the parts and the custom properties of the looks", () => {
    assert.deepEqual(names(element.cssParts), found(/\bpart: "([\w-]+)"/g, sources));
    const styles = read("form/styles.js");
    const colours = found(/^ {2}"?([\w-]+)"?: \["#/gm, styles).map((name) => `--dgspay-${name}`);
    const others = found(/(--dgspay-\w+)/g, styles).filter((name) => !name?.endsWith("-"));
    assert.deepEqual(names(element.cssProperties), [...colours, ...others].toSorted());
  });
});
