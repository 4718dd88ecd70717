/** A form: fields, one button, and a place for what went wrong. */

import { element } from "./dom.js";
import { FieldView } from "./field-view.js";
import { actionButton } from "./message-view.js";

/** @typedef {import("./fields.js").Values} Values */

/**
 * @typedef {object} FormOptions
 * @property {import("./messages.js").Translator} translate
 * @property {string} [title]
 * @property {string} [text] Under the title.
 * @property {import("./fields.js").Field[]} fields
 * @property {string} submit The button's label.
 * @property {string} [note] Under the button.
 * @property {string} [failure] Why the form is shown once more.
 * @property {import("./message-view.js").Action} [alternative]
 * @property {(values: Values) => void} onSubmit Given values that will do.
 */

export class FormView {
  #options;
  #fields;
  #alert;
  #button;
  #isBusy = false;

  /** @param {FormOptions} options */
  constructor(options) {
    const { translate, title, text, fields, submit, note, failure, alternative } = options;
    this.title = title ?? submit;
    this.#options = options;
    this.#fields = fields.map((field) => new FieldView(field, translate));
    this.#alert = element("p", { class: "alert", part: "alert", role: "alert" }, failure);
    this.#button = element("button", { type: "submit", part: "button" }, submit);
    this.root = element(
      "form",
      { part: "form", novalidate: true },
      title && element("h2", { part: "title" }, title),
      text && element("p", { part: "text" }, text),
      this.#alert,
      element("div", { class: "fields" }, ...this.#fields.map((field) => field.root)),
      this.#button,
      alternative && this.#alternative(alternative),
      note && element("p", { class: "note", part: "note" }, note),
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.root.addEventListener("focusout", (event) => this.#checkLeft(event));
  }

  focus() {
    this.#fields[0]?.control.focus();
  }

  /** @param {string} failure */
  showFailure(failure) {
    this.#setBusy(false);
    this.#alert.textContent = failure;
  }

  #submit() {
    if (this.#isBusy) return;
    const values = this.#values();
    const { translate, onSubmit } = this.#options;
    const wrong = this.#fields.filter((field) => !field.check(values, translate));
    if (wrong.length) {
      wrong[0]?.control.focus();
      return;
    }
    this.#alert.textContent = "";
    this.#setBusy(true);
    onSubmit(values);
  }

  #values() {
    return Object.fromEntries(this.#fields.map((field) => [field.name, field.value]));
  }

  /**
   * A field is judged when the customer goes on to another one. Not on the way to the
   * button: an error that appears then would move the button from under the pointer.
   *
   * @param {FocusEvent} event
   */
  #checkLeft({ target, relatedTarget }) {
    const fieldOf = (/** @type {EventTarget | null} */ control) =>
      this.#fields.find((field) => field.control === control);
    const left = fieldOf(target);
    if (left?.value && fieldOf(relatedTarget)) left.check(this.#values(), this.#options.translate);
  }

  /**
   * The button keeps the focus, which a disabled one would lose.
   *
   * @param {boolean} isBusy
   */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.#button.setAttribute("aria-disabled", `${isBusy}`);
    this.#button.textContent = isBusy ? this.#options.translate.text("busy") : this.#options.submit;
    for (const { control } of this.#fields) control.toggleAttribute("readonly", isBusy);
  }

  /** @param {import("./message-view.js").Action} alternative */
  #alternative({ label, onChoose }) {
    const isLink = 1;
    return actionButton({ label, onChoose: () => this.#isBusy || onChoose() }, isLink);
  }
}
