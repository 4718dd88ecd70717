/** A form: fields, one button, and a place for what went wrong. */

import { element } from "./dom.js";
import { FieldView } from "./field-view.js";
import { actionButton } from "./message-view.js";

/** @typedef {import("./fields.js").Values} Values */
/** @typedef {() => string} Sentence In the language that the form has when it is asked. */

const TEXT_ID = "text";

/**
 * @typedef {object} FormOptions
 * @property {import("./messages.js").Translator} translate
 * @property {string} name For those who do not see it.
 * @property {string} [title]
 * @property {string} [text] Under the title; it explains the fields.
 * @property {import("./fields.js").Field[]} fields
 * @property {string} submit The button's label.
 * @property {string} [note] Under the button.
 * @property {import("./message-view.js").Action} [alternative]
 * @property {(values: Values) => void} onSubmit Given values that will do.
 */

export class FormView {
  #options;
  #fields;
  #alert;
  #hint;
  #button;
  #isBusy = false;
  /** @type {Sentence | undefined} */
  #failure;

  /** @param {FormOptions} options */
  constructor(options) {
    const { translate, name, title, text, fields, submit, note, alternative } = options;
    this.title = title ?? name;
    this.#options = options;
    this.#fields = fields.map((field) => new FieldView(field, translate, text && TEXT_ID));
    this.#alert = element("p", { class: "alert", part: "alert", role: "alert" });
    this.#hint = element("p", { class: "note", part: "note" });
    this.#button = element("button", { type: "submit", part: "button" }, submit);
    this.root = element(
      "form",
      { part: "form", novalidate: true, "aria-label": name },
      title && element("h2", { part: "title" }, title),
      text && element("p", { part: "text", id: TEXT_ID }, text),
      this.#alert,
      this.#fields.length
        ? element("div", { class: "fields" }, ...this.#fields.map((field) => field.root))
        : null,
      this.#button,
      this.#hint,
      alternative && this.#alternative(alternative),
      note && element("p", { class: "note", part: "note" }, note),
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.root.addEventListener("focusout", (event) => this.#checkLeft(event));
    for (const event of ["input", "change"]) {
      this.root.addEventListener(event, ({ target }) => this.#onTyped(target));
    }
    this.root.addEventListener("click", (event) => {
      // Radio buttons know no "readonly".
      if (this.#isBusy && event.target instanceof HTMLInputElement) event.preventDefault();
    });
    this.#showFields();
  }

  /** The first field, or the named one. @param {string} [name] */
  focus(name) {
    const field = name ? this.#field(name) : this.#fields[0];
    (field?.control ?? this.#button).focus();
  }

  /** Whether the customer sees the field. @param {string} name */
  has(name) {
    return this.#field(name)?.root.hidden === false;
  }

  /** The name of the field that has the focus. @returns {string | undefined} */
  get focused() {
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.root.getRootNode());
    return this.#fieldOf(activeElement)?.name;
  }

  /** @param {string} submit */
  set submit(submit) {
    this.#options.submit = submit;
    if (!this.#isBusy) this.#button.textContent = submit;
  }

  /** What went wrong, of the form as a whole. @param {Sentence} [sentence] */
  showFailure(sentence) {
    this.#setBusy(false);
    this.#failure = sentence;
    this.#alert.textContent = sentence?.() ?? "";
  }

  /**
   * What went wrong with one field.
   *
   * @param {string} name
   * @param {Sentence} sentence
   */
  showWrong(name, sentence) {
    this.showFailure();
    this.#field(name)?.showError(sentence);
  }

  /** What is to be known while it takes its time. @param {string} text */
  tell(text) {
    this.#hint.textContent = text;
  }

  /** Forget what was typed, into some fields or into all. @param {...string} names */
  clear(...names) {
    for (const field of this.#fields) {
      if (names.length && !names.includes(field.name)) continue;
      field.value = "";
      field.showError(undefined);
    }
  }

  /**
   * Take over what was typed and told in the same form in another language.
   *
   * @param {FormView} before
   */
  adopt(before) {
    for (const field of this.#fields) {
      const same = before.#field(field.name);
      if (same) field.adopt(same);
    }
    this.#showFields();
    this.showFailure(before.#failure);
    this.#setBusy(before.#isBusy);
  }

  /** @param {string} name */
  #field(name) {
    return this.#fields.find((field) => field.name === name);
  }

  #submit() {
    if (this.#isBusy) return;
    const asked = this.#fields.filter(({ root }) => !root.hidden);
    const wrong = asked.filter((field) => !field.check());
    if (wrong.length) {
      wrong[0]?.control.focus();
      return;
    }
    this.showFailure();
    this.#setBusy(true);
    this.#options.onSubmit(Object.fromEntries(asked.map(({ name, value }) => [name, value])));
  }

  /**
   * A field is judged when the customer goes on to another one. Not on the way to the
   * button: an error that appears then would move the button from under the pointer.
   *
   * @param {FocusEvent} event
   */
  #checkLeft({ target, relatedTarget }) {
    const left = this.#fieldOf(target);
    if (left?.value && this.#fieldOf(relatedTarget)) left.check();
  }

  /** @param {EventTarget | null} target */
  #fieldOf(target) {
    return this.#fields.find(({ root }) => root.contains(/** @type {Node | null} */ (target)));
  }

  /** @param {EventTarget | null} target */
  #onTyped(target) {
    const [name = "", value] = this.#fieldOf(target)?.suggestion ?? [];
    if (value) this.#field(name)?.suggest(value);
    this.#showFields();
  }

  /** Those that what is chosen asks for. */
  #showFields() {
    for (const { beside, root } of this.#fields) {
      root.hidden = Boolean(beside) && this.#field(beside?.[0] ?? "")?.value !== beside?.[1];
    }
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
    this.tell("");
    for (const { control } of this.#fields) control.toggleAttribute("readonly", isBusy);
  }

  /** @param {import("./message-view.js").Action} alternative */
  #alternative({ label, onChoose }) {
    const isLink = 1;
    return actionButton({ label, onChoose: () => this.#isBusy || onChoose() }, isLink);
  }
}
