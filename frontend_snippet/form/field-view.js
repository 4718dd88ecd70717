/** One labelled field with its own error. */

import { element } from "./dom.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./messages.js").Translator} Translator */

export class FieldView {
  #field;
  #error;

  /**
   * @param {Field} field
   * @param {Translator} translate
   */
  constructor(field, translate) {
    this.#field = field;
    this.name = field.name;
    this.control = field.choices ? select(field, field.choices) : input(field);
    this.#error = element("p", { id: `${field.name}-error`, class: "error", part: "error" });
    const badge = element("span", { class: "badge", part: "badge", "aria-hidden": "true" });
    this.root = element(
      "div",
      { class: field.isNarrow ? "field narrow" : "field", part: "field" },
      element("label", { for: field.name, part: "label" }, translate.text(field.name)),
      element("div", { class: "control" }, this.control, badge),
      this.#error,
    );
    this.control.addEventListener("input", () => {
      if (field.format) reformat(/** @type {HTMLInputElement} */ (this.control), field.format);
      if (field.badge) badge.textContent = field.badge(this.control.value);
      this.showProblem(undefined);
    });
  }

  get value() {
    return this.control.value;
  }

  /**
   * @param {import("./fields.js").Values} values
   * @param {Translator} translate
   * @returns {boolean} Whether the value will do; if not, the field says why.
   */
  check(values, translate) {
    const problem = this.#field.problem(values, translate);
    this.showProblem(problem);
    return !problem;
  }

  /** @param {string | undefined} problem */
  showProblem(problem) {
    this.#error.textContent = problem ?? "";
    this.control.setAttribute("aria-invalid", `${Boolean(problem)}`);
  }
}

/** @param {Field} field */
function input(field) {
  return element("input", {
    ...attributes(field),
    // Not "password": a browser would offer to remember it.
    type: "text",
    inputmode: field.inputmode,
    value: field.value,
    placeholder: field.placeholder,
    class: field.isSecret && "secret",
    spellcheck: "false",
  });
}

/**
 * @param {Field} field
 * @param {{ code: string, name: string }[]} choices
 */
function select(field, choices) {
  const options = choices.map(({ code, name }) =>
    element("option", { value: code, selected: code === field.value }, name),
  );
  return element("select", attributes(field), ...options);
}

/** @param {Field} field */
function attributes({ name, autocomplete }) {
  return { id: name, name, autocomplete, part: "input", "aria-describedby": `${name}-error` };
}

/**
 * Rewrite a value in its format, with the caret after the same digit as before.
 *
 * @param {HTMLInputElement} control
 * @param {(typed: string) => string} format
 */
function reformat(control, format) {
  const { value, selectionStart } = control;
  const formatted = format(value);
  if (formatted === value) return;
  const isAtEnd = selectionStart === null || selectionStart >= value.length;
  const digitsBefore = value.slice(0, selectionStart ?? 0).replace(/\D/g, "").length;
  control.value = formatted;
  const caret = isAtEnd ? formatted.length : indexAfterDigits(formatted, digitsBefore);
  control.setSelectionRange(caret, caret);
}

/**
 * @param {string} text
 * @param {number} count
 */
function indexAfterDigits(text, count) {
  let index = 0;
  for (let seen = 0; seen < count && index < text.length; index += 1) {
    if (/\d/.test(text.charAt(index))) seen += 1;
  }
  return index;
}
