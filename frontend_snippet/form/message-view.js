/** A message in place of a form, with what can be done about it. */

import { element } from "./dom.js";

/** @typedef {{ label: string, onChoose: () => void }} Action */

/**
 * @typedef {object} MessageOptions
 * @property {"progress" | "success" | "failure"} [mood]
 * @property {string} title
 * @property {string[]} [texts] Paragraphs.
 * @property {string[]} [list] After them.
 * @property {Action[]} [actions] The first is the one to recommend.
 */

export class MessageView {
  #heading;
  #hint = element("p", { class: "note", part: "note" });

  /** @param {MessageOptions} options */
  constructor({ mood, title, texts = [], list = [], actions = [] }) {
    this.title = title;
    this.#heading = element("h2", { part: "title", tabindex: -1 }, title);
    this.root = element(
      "div",
      { class: `message ${mood ?? ""}`, part: "message" },
      mood && element("span", { class: "mood", "aria-hidden": "true" }),
      this.#heading,
      ...texts.filter(Boolean).map((text) => element("p", { part: "text" }, text)),
      list.length
        ? element("ul", { part: "list" }, ...list.map((text) => element("li", {}, text)))
        : null,
      ...actions.map(actionButton),
      this.#hint,
    );
  }

  focus() {
    this.#heading.focus();
  }

  /** What is to be known while it takes its time. @param {string} text */
  tell(text) {
    this.#hint.textContent = text;
  }
}

/**
 * @param {Action} action
 * @param {number} [index] Among the actions; all but the first look like links.
 */
export function actionButton({ label, onChoose }, index = 0) {
  const look = index ? { class: "link", part: "link" } : { part: "button" };
  const button = element("button", { type: "button", ...look }, label);
  button.addEventListener("click", onChoose);
  return button;
}
