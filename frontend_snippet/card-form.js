/**
 * `<dgspay-card-form>`: pay a Saleor checkout or order by card or mobile money, from the
 * number to the order.
 *
 *     <dgspay-card-form graphql-url="https://shop.example/graphql/" checkout-id="…">
 *       <p>Payments need JavaScript.</p>
 *     </dgspay-card-form>
 *
 * What is written inside is shown only where this script does not run.
 */

import { executeWithFetch } from "./checkout/transport.js";
import { element } from "./form/dom.js";
import { languageAround, watchLanguageAround } from "./form/locale.js";
import { Translator } from "./form/messages.js";
import { PaymentFlow } from "./form/payment-flow.js";
import { dress } from "./form/styles.js";
import { DgsPayCheckout } from "./saleor-checkout.js";

export { EncryptionError, encryptCard, encryptPin } from "./encrypt.js";
export * from "./saleor-checkout.js";

/** @typedef {import("./checkout/transport.js").Execute} Execute */
/** @typedef {import("./form/messages.js").Texts} Texts */
/** @typedef {import("./form/payment-flow.js").Stage} Stage */

const NAME = "dgspay-card-form";
const DEFAULT_BRANDS = "visa mastercard";

/** Set before this element was defined, they hide the properties of the same names. */
const PROPERTIES = /** @type {const} */ (["execute", "texts"]);

// A server that renders the page imports this module too, and has no elements.
const Base = globalThis.HTMLElement ?? class {};

/**
 * @element dgspay-card-form
 *
 * @attribute {string} checkout-id - Saleor's global id of the checkout.
 * @attribute {string} order-id - In its place, that of an order.
 * @attribute {string} graphql-url - Saleor's GraphQL endpoint; /graphql/ unless given.
 * @attribute {string} return-url - Where the bank sends the customer back to; this page
 *   unless given.
 * @attribute {"transactions" | "payments"} api - The first that the shop offers unless given.
 * @attribute {string} brands - The cards that are taken; "visa mastercard" unless given.
 * @attribute {"card" | "mobile_money"} method - To offer no other.
 * @attribute {"dialog"} bank - Opens the bank's page in a dialog on this one.
 * @attribute {string} lang - The page's nearest one unless given.
 *
 * @prop {Execute | undefined} execute - The store's own GraphQL client in place of graphql-url.
 * @prop {Texts | undefined} texts - The page's own wording.
 * @method refresh - Reads the checkout again, after the page has changed it.
 *
 * They bubble. Preventing the default of the step "redirect" leaves it to the page to take
 * the customer to the bank.
 *
 * @fires {CustomEvent<{ order: Order }>} dgspay-order - There is an order.
 * @fires {CustomEvent<{ code: string; message: string }>} dgspay-error - Something failed.
 * @fires {CustomEvent<{ codes: string[] }>} dgspay-missing - The order lacks something.
 * @fires {CustomEvent<Step>} dgspay-step - The next step of the payment.
 *
 * @csspart form
 * @csspart field
 * @csspart label
 * @csspart input
 * @csspart choice
 * @csspart brands
 * @csspart error
 * @csspart alert
 * @csspart button
 * @csspart link
 * @csspart title
 * @csspart text
 * @csspart list
 * @csspart note
 * @csspart message
 * @csspart bank
 * @csspart bank-frame
 *
 * @cssprop --dgspay-accent
 * @cssprop --dgspay-on-accent
 * @cssprop --dgspay-text
 * @cssprop --dgspay-muted
 * @cssprop --dgspay-surface
 * @cssprop --dgspay-border
 * @cssprop --dgspay-danger
 * @cssprop --dgspay-success
 * @cssprop --dgspay-radius
 * @cssprop --dgspay-padding
 * @cssprop --dgspay-font
 */
export class DgsPayCardForm extends Base {
  static observedAttributes = [
    "checkout-id",
    "order-id",
    "graphql-url",
    "return-url",
    "api",
    "brands",
    "method",
    "lang",
  ];

  #root = this.attachShadow({ mode: "open" });
  #status = element("div", { class: "status", role: "status" });
  #stage = element("div");
  /** @type {PaymentFlow | undefined} */
  #flow;
  /** @type {Execute | undefined} */
  #execute;
  /** @type {Texts | undefined} */
  #texts;
  /** How the form speaks now. */
  #spoken = "";
  /** Counts the languages that were asked for: only the last one is spoken. */
  #turn = 0;
  #isStartPlanned = false;
  #stopWatching = () => {};

  constructor() {
    super();
    this.#root.append(
      ...[dress(this.#root), this.#status, this.#stage].filter((node) => node !== null),
    );
  }

  connectedCallback() {
    for (const name of PROPERTIES) this.#adoptEarly(name);
    this.#stopWatching = watchLanguageAround(this, () => this.#followLanguage());
    // Moved within the page: what was typed has stayed.
    if (this.#flow) return this.#followLanguage();
    addEventListener("pageshow", this.#onPageShow);
    this.#planStart();
  }

  disconnectedCallback() {
    this.#stopWatching();
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} after
   */
  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "lang") this.#followLanguage();
    else this.#planStart();
  }

  get execute() {
    return this.#execute;
  }

  /** Another function in place of the first changes nothing of what is shown. */
  set execute(execute) {
    const isFirst = !this.#execute !== !execute;
    this.#execute = execute;
    if (isFirst) this.#planStart();
  }

  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    if (JSON.stringify(texts) === JSON.stringify(this.#texts)) return;
    this.#texts = texts;
    this.#spoken = "";
    this.#followLanguage();
  }

  /** Read the checkout again, after the page has changed it. What was typed stays. */
  refresh() {
    return this.#flow?.refresh();
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

  async #start() {
    this.#flow?.stop();
    this.#flow = undefined;
    const given = (/** @type {string} */ name) => this.getAttribute(name) || undefined;
    const checkoutId = given("checkout-id");
    const orderId = given("order-id");
    if (!this.isConnected || !(checkoutId || orderId)) return;
    const translator = await this.#translator();
    // Started anew, or left, while the language was loaded.
    if (!translator) return;
    const fetchFromShop = executeWithFetch(given("graphql-url") ?? "/graphql/");
    const checkout = new DgsPayCheckout({
      checkoutId,
      orderId,
      api: /** @type {"transactions" | "payments" | undefined} */ (given("api")),
      returnUrl: given("return-url"),
      execute: (...request) => (this.#execute ?? fetchFromShop)(...request),
    });
    this.#flow = new PaymentFlow(checkout, translator, this.#newStage(), {
      brands: (given("brands") ?? DEFAULT_BRANDS).split(/\s+/),
      opensBankInDialog: given("bank") === "dialog",
      method: given("method"),
    });
    this.#flow.start();
    this.#followLanguage();
  }

  #leave() {
    removeEventListener("pageshow", this.#onPageShow);
    this.#flow?.stop();
    this.#flow = undefined;
    this.#turn += 1;
    this.#stage.replaceChildren();
  }

  /** @returns {Stage} */
  #newStage() {
    const stage = element("div");
    this.#stage.replaceChildren(stage);
    return {
      show: (view, takesFocus) => {
        if (view.root.parentNode !== stage) stage.replaceChildren(view.root);
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
      open: (dialog) => {
        // Beside the views, which come and go meanwhile.
        this.#stage.append(dialog.root);
        dialog.show();
      },
    };
  }

  #language() {
    return languageAround(this) || globalThis.navigator.language;
  }

  /** @returns {Promise<Translator | null>} Null where another one was asked for meanwhile. */
  async #translator() {
    const turn = (this.#turn += 1);
    this.#spoken = this.#language();
    const translator = await Translator.of(this.#spoken, this.#texts);
    if (turn !== this.#turn) return null;
    this.#stage.lang = this.#status.lang = translator.language;
    return translator;
  }

  async #followLanguage() {
    if (!this.#flow || this.#language() === this.#spoken) return;
    const translator = await this.#translator();
    if (translator) this.#flow?.speak(translator);
  }

  /** @param {(typeof PROPERTIES)[number]} name */
  #adoptEarly(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete (/** @type {Partial<DgsPayCardForm>} */ (this)[name]);
    Object.assign(this, { [name]: value });
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

// A page may load this script twice.
if (globalThis.customElements && !customElements.get(NAME)) {
  customElements.define(NAME, DgsPayCardForm);
}
