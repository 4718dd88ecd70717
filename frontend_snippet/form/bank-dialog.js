/** The bank's page in a dialog on the shop's own page. */

import { element } from "./dom.js";
import { actionButton } from "./message-view.js";

/**
 * @typedef {object} DialogOptions
 * @property {import("./messages.js").Translator} translate
 * @property {string} url Of the bank's page.
 * @property {() => void} onLoad Told whenever a page has been loaded: the bank's first
 *   one, and the shop's when the customer is through.
 * @property {() => void} onRefused Told where the page's policy forbids the bank's frame,
 *   or the customer sees none. Whether a bank allows it, no browser tells.
 */

export class BankDialog {
  root;

  /** @param {DialogOptions} options */
  constructor({ translate, url, onLoad, onRefused }) {
    const title = translate.text("redirect_title");
    const frame = element("iframe", { src: url, title, part: "bank-frame" });
    const leave = () => {
      this.close();
      onRefused();
    };
    const actions = [
      { label: translate.text("close"), onChoose: () => this.close() },
      { label: translate.text("redirect"), onChoose: leave },
    ];
    this.root = element(
      "dialog",
      { part: "bank", "aria-label": title },
      frame,
      element("div", { class: "bar" }, ...actions.map(actionButton)),
    );
    frame.addEventListener("load", onLoad);
    /** @param {SecurityPolicyViolationEvent} event */
    const onViolation = ({ effectiveDirective }) => {
      if (effectiveDirective === "frame-src") leave();
    };
    document.addEventListener("securitypolicyviolation", onViolation);
    this.root.addEventListener("close", () => {
      document.removeEventListener("securitypolicyviolation", onViolation);
      this.root.remove();
    });
  }

  show() {
    this.root.showModal();
  }

  close() {
    this.root.close();
  }
}
