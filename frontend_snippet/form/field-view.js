/** One labelled field with its own error. */

import { brandIcons } from "./card-icons.js";
import { element } from "./dom.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./messages.js").Translator} Translator */

const DIGIT = /\p{Nd}/u;

export class FieldView {
  #field;
  #translate;
  #error;
  #icons;
  #isTouched = false;
  /** What is wrong, in the language that is asked for. @type {(() => string) | undefined} */
  #sentence;

  /**
   * @param {Field} field
   * @param {Translator} translate
   * @param {string} [describedBy] The id of what explains the field.
   */
  constructor(field, translate, describedBy) {
    const { name, isNarrow, radios, choices, brands } = field;
    const label = translate.text(name);
    this.#field = field;
    this.#translate = translate;
    this.name = name;
    /** Only beside this choice in another field: its name and its value. */
    this.beside = field.beside;
    this.#icons = brands && brandIcons(brands, `${name}-brands`);
    const describing = [describedBy, this.#icons?.root.id, `${name}-error`].filter(Boolean);
    const attributes = {
      id: name,
      name,
      autocomplete: field.autocomplete,
      placeholder: field.placeholder && translate.text(field.placeholder),
      part: "input",
      "aria-describedby": describing.join(" "),
      "aria-required": field.isOptional ? undefined : "true",
    };
    if (radios) this.control = radios(field, label, attributes);
    else this.control = choices ? select(field, choices, attributes) : input(field, attributes);
    this.#error = element("p", { id: `${name}-error`, class: "error", part: "error" });
    this.root = element(
      "div",
      { class: isNarrow ? "" : "wide", part: "field" },
      radios
        ? null
        : element(
            "div",
            { class: "head" },
            element("label", { for: name, part: "label" }, label),
            this.#icons?.root,
          ),
      this.control,
      this.#error,
    );
    this.control.addEventListener("input", (event) => {
      this.#isTouched = true;
      // A keyboard that composes still holds what it has typed.
      if (!(/** @type {InputEvent} */ (event).isComposing)) this.#onTyped();
    });
    this.control.addEventListener("compositionend", () => this.#onTyped());
    this.control.addEventListener("change", () => this.#onLeft());
    if (field.format) this.control.addEventListener("beforeinput", skipGap);
  }

  get value() {
    return this.control.value;
  }

  set value(value) {
    this.control.value = value;
    this.#pointAtBrand();
  }

  /** What this value makes likely elsewhere: a field's name, and a value for it. */
  get suggestion() {
    return this.#field.suggests?.(this.value) ?? [];
  }

  /** Fill it in for a customer who has not. @param {string} value */
  suggest(value) {
    if (!this.#isTouched) this.value = value;
  }

  /**
   * @returns {boolean} Whether the value will do; if not, the field says why.
   */
  check() {
    this.#onLeft();
    const { isOptional, problem } = this.#field;
    const found = this.value.trim()
      ? problem?.(this.value)
      : !isOptional && { key: /** @type {const} */ ("needed") };
    this.#showProblem(found || undefined);
    return !found;
  }

  /** @param {(() => string) | undefined} sentence */
  showError(sentence) {
    this.#sentence = sentence;
    this.#error.textContent = sentence?.() ?? "";
    this.control.setAttribute("aria-invalid", `${Boolean(sentence)}`);
  }

  /**
   * Take over what was typed into the same field in another language.
   *
   * @param {FieldView} before
   */
  adopt(before) {
    this.value = before.value;
    this.#isTouched = before.#isTouched;
    this.showError(before.#sentence);
  }

  /** @param {import("./fields.js").Problem | undefined} problem */
  #showProblem(problem) {
    this.showError(problem && (() => this.#translate.text(problem.key, problem.values)));
  }

  #onTyped() {
    const { format, earlyProblem } = this.#field;
    if (format) rewrite(/** @type {HTMLInputElement} */ (this.control), format);
    this.#pointAtBrand();
    this.#showProblem(earlyProblem?.(this.value));
    this.#field.onTyped?.(this.value);
  }

  /** Also where a script has set the value and only tells that it changed. */
  #onLeft() {
    const { format, finish = format } = this.#field;
    if (finish) rewrite(/** @type {HTMLInputElement} */ (this.control), finish);
    this.#pointAtBrand();
  }

  #pointAtBrand() {
    this.#icons?.point(this.#field.brandOf?.(this.value));
  }
}

/**
 * @param {Field} field
 * @param {Record<string, string | undefined>} attributes
 */
function input(field, attributes) {
  return element("input", {
    ...attributes,
    type: field.isSecret ? "password" : "text",
    inputmode: field.inputmode,
    value: field.value,
    spellcheck: "false",
    autocapitalize: "off",
  });
}

/**
 * @param {Field} field
 * @param {{ code: string, name: string }[]} choices
 * @param {Record<string, string | undefined>} attributes
 */
function select(field, choices, attributes) {
  const options = choices.map(({ code, name }) =>
    element("option", { value: code, selected: code === field.value }, name),
  );
  return element("select", attributes, ...options);
}

/**
 * Rewrite a value in its format, with the caret after the same digit as before.
 *
 * @param {HTMLInputElement} control
 * @param {(typed: string) => string} format
 */
function rewrite(control, format) {
  const { value, selectionStart } = control;
  const formatted = format(value);
  if (formatted === value) return;
  const caret = selectionStart ?? value.length;
  const digitsBefore = [...value.slice(0, caret)].filter((character) => DIGIT.test(character));
  control.value = formatted;
  // Safari gives the focus to a field whose selection is set.
  const { activeElement } = /** @type {Document | ShadowRoot} */ (control.getRootNode());
  if (activeElement !== control) return;
  const isAtEnd = caret >= value.length;
  const index = isAtEnd ? formatted.length : indexAfterDigits(formatted, digitsBefore.length);
  control.setSelectionRange(index, index);
}

/**
 * @param {string} text
 * @param {number} count
 */
function indexAfterDigits(text, count) {
  let index = 0;
  for (let seen = 0; seen < count && index < text.length; index += 1) {
    if (DIGIT.test(text.charAt(index))) seen += 1;
  }
  return index;
}

/**
 * Deleting a gap would do nothing, as the format puts it back: the digit beyond it goes.
 *
 * @param {Event} event
 */
function skipGap(event) {
  const { inputType } = /** @type {InputEvent} */ (event);
  const control = /** @type {HTMLInputElement} */ (event.target);
  const { value, selectionStart: start, selectionEnd } = control;
  if (start === null || start !== selectionEnd) return;
  const isGap = (/** @type {number} */ index) => /[ /]/.test(value.charAt(index));
  let caret = start;
  if (inputType === "deleteContentForward") while (isGap(caret)) caret += 1;
  if (inputType === "deleteContentBackward") while (isGap(caret - 1)) caret -= 1;
  if (caret !== start) control.setSelectionRange(caret, caret);
}
