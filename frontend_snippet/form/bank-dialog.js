/** The bank's page in a dialog on the shop's own page. */

import { element } from "./dom.js";
import { actionButton } from "./message-view.js";

const CSS = `
dialog {
  inline-size: min(100vw - 1rem, 34rem);
  block-size: min(100dvh - 1rem, 46rem);
  padding: 0.5rem;
  border: 1px solid var(--border);
  background: var(--surface);
  color: inherit;
  border-radius: var(--radius);
}
dialog[open] { display: flex; flex-direction: column; gap: 0.5rem; }
::backdrop { background: rgb(0 0 0 / 0.5); }
iframe { flex: 1; inline-size: 100%; border: 0; background: #fff; }
`;

/**
 * @typedef {object} DialogOptions
 * @property {string} title
 * @property {string} close The label of a button.
 * @property {string} leave The label of the button to the page itself.
 * @property {string} url Of the bank's page.
 * @property {() => void} onLoad Told whenever a page has been loaded: the bank's first
 *   one, and the shop's when the customer is through.
 * @property {() => void} onRefused Told where the page's policy forbids the bank's frame,
 *   or the customer sees none. Whether a bank allows it, no browser tells.
 */

export class BankDialog {
  root;

  /** @param {DialogOptions} options */
  constructor({ title, close, leave: label, url, onLoad, onRefused }) {
    const frame = element("iframe", { src: url, title, part: "bank-frame" });
    const leave = () => {
      this.close();
      onRefused();
    };
    const actions = [
      { label: close, onChoose: () => this.close() },
      { label, onChoose: leave },
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

  /** Within the form's shadow tree, which has no looks for it. */
  show() {
    dress(/** @type {ShadowRoot} */ (this.root.getRootNode()));
    this.root.showModal();
  }

  close() {
    this.root.close();
  }
}

/** As styles.js does it for the form itself. @param {ShadowRoot} root */
function dress(root) {
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 1), sheet];
  } else {
    /** @type {ShadowRoot} */ (root).append(element("style", {}, CSS));
  }
}
