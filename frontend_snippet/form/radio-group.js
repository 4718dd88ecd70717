/** A choice among a few, as radio buttons: the control of a FieldView. */

import { element } from "./dom.js";

/** @typedef {HTMLFieldSetElement & { value: string }} RadioGroup */

/**
 * @param {import("./fields.js").Field} field
 * @param {string} legend
 * @param {Record<string, string | undefined>} attributes
 * @returns {RadioGroup} With a value and a focus, as an input has them.
 */
export function radioGroup({ name, choices = [], value }, legend, attributes) {
  const radios = choices.map(({ code }) =>
    element("input", { type: "radio", name, value: code, checked: code === value }),
  );
  const group = element(
    "fieldset",
    { ...attributes, role: "radiogroup", part: undefined },
    element("legend", { part: "label" }, legend),
    ...radios.map((radio, index) =>
      element("label", { class: "choice", part: "choice" }, radio, choices[index]?.name),
    ),
  );
  const chosen = () => radios.find((radio) => radio.checked);
  Object.defineProperty(group, "value", {
    get: () => chosen()?.value ?? "",
    set: (value) => {
      for (const radio of radios) radio.checked = radio.value === value;
    },
  });
  group.focus = () => (chosen() ?? radios[0])?.focus();
  return /** @type {RadioGroup} */ (group);
}
