/** A message in place of a form, with what can be done about it. */

import { element } from "./dom.js";

/** @typedef {{ label: string, onChoose: () => void }} Action */

/**
 * @typedef {object} MessageOptions
 * @property {"progress" | "success" | "failure"} [mood]
 * @property {string} title
 * @property {string} [text]
 * @property {Action[]} [actions] The first is the one to recommend.
 */

export class MessageView {
  #heading;

  /** @param {MessageOptions} options */
  constructor({ mood, title, text, actions = [] }) {
    this.title = title;
    this.#heading = element("h2", { part: "title", tabindex: -1 }, title);
    this.root = element(
      "div",
      { class: `message ${mood ?? ""}`, part: "message" },
      mood && element("span", { class: "mood", "aria-hidden": "true" }),
      this.#heading,
      text && element("p", { part: "text" }, text),
      ...actions.map(actionButton),
    );
  }

  focus() {
    this.#heading.focus();
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
