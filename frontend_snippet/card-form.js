/**
 * `<dgspay-card-form>`: pay a Saleor checkout or order by card, from the number to the
 * order.
 *
 *     <dgspay-card-form graphql-url="https://shop.example/graphql/" checkout-id="…">
 *     </dgspay-card-form>
 *
 * Attributes: `checkout-id` or `order-id`, `graphql-url`, `return-url` (where the bank
 * sends the customer back to; this page unless given), `api` ("transactions" or
 * "payments"; the first that the shop offers unless given) and `lang` (the page's
 * nearest one unless given). Property: `execute`, the store's own GraphQL client in
 * place of `graphql-url`.
 *
 * Events, which bubble: `dgspay-order` when there is an order, `dgspay-error` when
 * something failed, `dgspay-step` for each step. Preventing the default of the step
 * "redirect" leaves it to the page to take the customer to the bank.
 */

import { element } from "./form/dom.js";
import { Translator } from "./form/messages.js";
import { PaymentFlow } from "./form/payment-flow.js";
import { styleSheet } from "./form/styles.js";
import { DgsPayCheckout } from "./saleor-checkout.js";

export { EncryptionError, encryptCard, encryptPin } from "./encrypt.js";
export * from "./saleor-checkout.js";

/** @typedef {import("./checkout/transport.js").Execute} Execute */
/** @typedef {import("./form/payment-flow.js").Stage} Stage */

// A server that renders the page imports this module too, and has no elements.
const Base = globalThis.HTMLElement ?? class {};

export class DgsPayCardForm extends Base {
  static observedAttributes = [
    "checkout-id",
    "order-id",
    "graphql-url",
    "return-url",
    "api",
    "lang",
  ];

  #root = this.attachShadow({ mode: "open" });
  #status = element("div", { class: "status", role: "status" });
  /** @type {PaymentFlow | undefined} */
  #flow;
  /** @type {Execute | undefined} */
  #execute;
  #isStartPlanned = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [styleSheet()];
    this.#root.append(this.#status);
  }

  connectedCallback() {
    this.#adoptEarlyExecute();
    addEventListener("pageshow", this.#onPageShow);
    this.#planStart();
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.#onPageShow);
    this.#flow?.stop();
    this.#root.replaceChildren(this.#status);
  }

  attributeChangedCallback() {
    this.#planStart();
  }

  get execute() {
    return this.#execute;
  }

  set execute(execute) {
    this.#execute = execute;
    this.#planStart();
  }

  /** Start once, however many attributes were set in one go. */
  #planStart() {
    if (this.#isStartPlanned) return;
    this.#isStartPlanned = true;
    queueMicrotask(() => {
      this.#isStartPlanned = false;
      this.#start();
    });
  }

  #start() {
    this.#flow?.stop();
    const given = (/** @type {string} */ name) => this.getAttribute(name) || undefined;
    const checkoutId = given("checkout-id");
    const orderId = given("order-id");
    if (!this.isConnected || !(checkoutId || orderId)) return;
    const checkout = new DgsPayCheckout({
      checkoutId,
      orderId,
      api: /** @type {"transactions" | "payments" | undefined} */ (given("api")),
      graphqlUrl: given("graphql-url"),
      returnUrl: given("return-url"),
      execute: this.#execute,
    });
    const translate = new Translator(this.#language());
    this.#flow = new PaymentFlow(checkout, translate, this.#stage(translate.language));
    this.#flow.start();
  }

  /**
   * @param {string} language
   * @returns {Stage}
   */
  #stage(language) {
    const stage = element("div", { lang: language });
    this.#root.replaceChildren(this.#status, stage);
    return {
      show: (view, { takesFocus } = { takesFocus: true }) => {
        stage.replaceChildren(view.root);
        this.#status.textContent = view.title;
        if (takesFocus) view.focus();
      },
      announce: (text) => {
        this.#status.textContent = text;
      },
      emit: (name, detail) =>
        this.dispatchEvent(
          new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
        ),
    };
  }

  #language() {
    const nearest = /** @type {HTMLElement | null} */ (this.closest("[lang]"));
    return nearest?.lang || navigator.language;
  }

  /** A page may have set the property before this element was defined. */
  #adoptEarlyExecute() {
    if (!Object.hasOwn(this, "execute")) return;
    const { execute } = this;
    delete (/** @type {{ execute?: Execute }} */ (this).execute);
    this.execute = execute;
  }

  /**
   * Back from the bank's page by the browser's button: the page is as it was left.
   *
   * @param {PageTransitionEvent} event
   */
  #onPageShow = ({ persisted }) => {
    if (persisted) this.#planStart();
  };
}

globalThis.customElements?.define("dgspay-card-form", DgsPayCardForm);
