/**
 * A card payment with DGS-Pay through Saleor's GraphQL API, from the card to the order:
 * by transactions where the shop offers DGS-Pay there, or else by the Payments API.
 *
 *     const checkout = new DgsPayCheckout({ checkoutId, graphqlUrl });
 *     let step = (await checkout.resume()) ?? (await checkout.payWithCard(card));
 *     if (step.type === "pin") step = await checkout.answerPin(pin);
 *
 * Each call resolves to the next step: what the customer is asked for, or the order.
 * Whatever the shop does not know yet is asked again, less and less often, before the
 * call resolves.
 */

import { readStep } from "./checkout/saleor-responses.js";
import { CheckoutError, ConnectionError, PaymentError, StoreError } from "./checkout/errors.js";
import { PaymentMemory } from "./checkout/memory.js";
import { PaymentsApi } from "./checkout/payments.js";
import { TransactionsApi } from "./checkout/transactions.js";
import { executeWithFetch, senderOf } from "./checkout/transport.js";
import { encryptCard, encryptPin } from "./encrypt.js";

export { CheckoutError, ConnectionError, PaymentError, StoreError };

const POLL_AFTER_MS = 3_000;
const POLL_AT_MOST_EVERY_MS = 15_000;
const POLL_BACK_OFF = 1.5;

/** Query parameters that only the way back from the bank has. */
const RETURN_SIGNS = ["transaction", "payment"];

/** The shop does not offer DGS-Pay by this API, or its Saleor does not have it. */
const NOT_OFFERED = ["gateway_not_available", "request_refused"];

/** The shop has no charge, or no checkout, that one could wait for. */
const NOTHING_UNDER_WAY = ["wrong_step", "NOT_FOUND", "CHECKOUT_NOT_FULLY_PAID"];

/** @typedef {import("./encrypt.js").Card} Card */
/** @typedef {import("./checkout/transport.js").Execute} Execute */

/** @typedef {import("./checkout/types.js").Address} Address */
/** @typedef {import("./checkout/types.js").Answer} Answer */
/** @typedef {import("./checkout/types.js").CallOptions} CallOptions */
/** @typedef {import("./checkout/types.js").CheckoutDetails} CheckoutDetails */
/** @typedef {import("./checkout/types.js").CheckoutOptions} CheckoutOptions */
/** @typedef {import("./checkout/types.js").Money} Money */
/** @typedef {import("./checkout/types.js").Order} Order */
/** @typedef {import("./checkout/types.js").Step} Step */

export class DgsPayCheckout {
  #kind;
  #id;
  #memory;
  #transactions;
  #payments;
  /** The API for a new payment. @type {TransactionsApi | PaymentsApi} */
  #api;
  #mayFallBack;
  #patienceMs;
  /** The options of the call that is under way. @type {CallOptions | null} */
  #running = null;
  /** @type {CheckoutDetails | null} */
  #details = null;

  /** @param {CheckoutOptions} options */
  constructor({
    checkoutId = "",
    orderId,
    api,
    graphqlUrl = "/graphql/",
    execute = executeWithFetch(graphqlUrl),
    returnUrl,
    storage = sessionStorageIfAllowed(),
    patienceMs = 120_000,
  }) {
    /** @type {"order" | "checkout"} */
    const kind = orderId ? "order" : "checkout";
    this.#kind = kind;
    this.#id = orderId ?? checkoutId;
    this.#memory = new PaymentMemory(this.#id, storage);
    const purchase = {
      kind,
      send: senderOf(execute, this.#id),
      memory: this.#memory,
      returnUrl: returnUrl ?? pageWithoutReturn(kind),
    };
    this.#transactions = new TransactionsApi(purchase);
    this.#payments = new PaymentsApi(purchase);
    this.#api = api === "payments" && !orderId ? this.#payments : this.#transactions;
    this.#mayFallBack = !api && !orderId;
    this.#patienceMs = patienceMs;
  }

  /**
   * Read what is to be paid. The other calls do it by themselves where they need it.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<CheckoutDetails>}
   * @throws {StoreError} NOT_FOUND: there is no such checkout, perhaps because it has
   *   become an order; gateway_not_available: the shop takes no cards for it.
   * @throws {ConnectionError}
   */
  async load(options = {}) {
    try {
      this.#details = await this.#api.read(options);
    } catch (error) {
      if (!this.#mayFallBack || !hasCode(error, NOT_OFFERED)) throw error;
      this.#mayFallBack = false;
      this.#api = this.#payments;
      return this.load(options);
    }
    return this.#details;
  }

  /**
   * Charge a card. The customer pays the total that `load` told them, or nothing.
   *
   * @param {Card} card
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError | import("./encrypt.js").EncryptionError}
   */
  payWithCard(card, options = {}) {
    return this.#oneAtATime(options, async () => {
      const { gateway, total, isPaid } = this.#details ?? (await this.load(options));
      if (isPaid) return this.#findOrder(options);
      const encryptedCard = await encryptCard(card, gateway.encryptionKey, gateway);
      try {
        await this.#api.begin(total, options);
      } catch (error) {
        if (hasCode(error, ["NOT_FOUND"])) return this.#findOrder(options);
        // The total may be the reason: it is read again before the next attempt.
        if (error instanceof StoreError) this.#details = null;
        throw error;
      }
      return this.#complete(encryptedCard, options);
    });
  }

  /**
   * @param {string} pin
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError | import("./encrypt.js").EncryptionError}
   */
  answerPin(pin, options = {}) {
    return this.#oneAtATime(options, async () => {
      const { gateway } = this.#details ?? (await this.load(options));
      return this.#complete(await encryptPin(pin, gateway.encryptionKey, gateway), options);
    });
  }

  /**
   * @param {string} otp The one-time password that the bank sent.
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError}
   */
  answerOtp(otp, options = {}) {
    const answer = { type: "otp", auth_otp: otp.trim() };
    return this.#oneAtATime(options, () => this.#complete(answer, options));
  }

  /**
   * @param {Address} address The one that the bank knows the card's owner by.
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError}
   */
  answerAddress(address, options = {}) {
    const answer = {
      type: "avs",
      avs_line1: address.line1,
      avs_line2: address.line2 || undefined,
      avs_city: address.city || undefined,
      avs_state: address.state || undefined,
      avs_postal_code: address.postalCode || undefined,
      avs_country: address.country,
    };
    return this.#oneAtATime(options, () => this.#complete(answer, options));
  }

  /**
   * Go on with a payment that was under way when the page was left, by a reload or for
   * the bank's page.
   *
   * @param {CallOptions & { url?: string }} [options] `url` is the page's address,
   *   which tells whether the bank sent the customer back.
   * @returns {Promise<Step | null>} Null where no payment is under way.
   * @throws {CheckoutError}
   */
  resume({ url = globalThis.location?.href, ...options } = {}) {
    return this.#oneAtATime(options, async () => {
      const isBack = this.#noteReturn(url);
      if (!isBack && !this.#memory.read()) return null;
      return this.#resumeUnderWay(isBack ? "redirect" : "wait", options);
    });
  }

  /**
   * The order that the checkout has become, in another tab or while the page was away.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError}
   */
  findOrder(options = {}) {
    return this.#oneAtATime(options, () => this.#findOrder(options));
  }

  /**
   * Remember the payment that the bank sent the customer back for, in another browser
   * perhaps.
   *
   * @param {string | undefined} url
   * @returns {boolean} Whether the bank did.
   */
  #noteReturn(url) {
    const parameters = new URLSearchParams(url && new URL(url).search);
    // The page's own parameter of that name may stand before the plugin's.
    if (!parameters.getAll(this.#kind).includes(this.#id)) return false;
    const transaction = parameters.get("transaction");
    if (transaction) this.#memory.write({ transaction });
    else if (!parameters.has("payment")) return false;
    else if (!this.#memory.read()) this.#memory.write({ reference: null });
    return true;
  }

  /**
   * A second press of Pay must not make a second payment. A call that was aborted is not
   * in the way of the next.
   *
   * @template T
   * @param {CallOptions} options
   * @param {() => Promise<T>} call
   */
  async #oneAtATime(options, call) {
    if (this.#running && !this.#running.signal?.aborted) {
      throw new CheckoutError("busy", "The payment is already under way.");
    }
    this.#running = options;
    try {
      return await call();
    } finally {
      if (this.#running === options) this.#running = null;
    }
  }

  /**
   * Answer the payment's step, and ask again until the shop knows what came of it.
   *
   * @param {import("./checkout/types.js").PaymentData} paymentData
   * @param {CallOptions} options
   */
  async #complete(paymentData, options) {
    return this.#untilKnown(await this.#apiUnderWay().ask(paymentData, options), options);
  }

  #apiUnderWay() {
    const payment = this.#memory.read();
    if (!payment) return this.#api;
    return "reference" in payment ? this.#payments : this.#transactions;
  }

  /** @param {CallOptions} options */
  async #findOrder(options) {
    return this.#untilKnown(await this.#api.findOrder(options), options);
  }

  /**
   * @param {Answer} answer
   * @param {CallOptions} options
   * @returns {Promise<Step>}
   */
  async #untilKnown(answer, options) {
    const deadline = Date.now() + this.#patienceMs;
    if (answer.type === "wait") options.onWaiting?.();
    let pause = answer.poll_after_ms ?? POLL_AFTER_MS;
    while (answer.type === "wait" && Date.now() + pause <= deadline) {
      await sleep(pause, options.signal);
      pause = Math.min(pause * POLL_BACK_OFF, POLL_AT_MOST_EVERY_MS);
      answer = await this.#askAgain(options);
    }
    return readStep(answer);
  }

  /** @param {CallOptions} options */
  async #askAgain(options) {
    try {
      return await this.#apiUnderWay().ask({ type: "wait" }, options);
    } catch (error) {
      // The request before this one was lost on its way to the shop.
      if (hasCode(error, NOTHING_UNDER_WAY)) throw new ConnectionError({ cause: error });
      throw error;
    }
  }

  /**
   * Asked how it stands, the plugin repeats the step that the customer still owes.
   *
   * @param {"redirect" | "wait"} type
   * @param {CallOptions} options
   */
  async #resumeUnderWay(type, options) {
    try {
      return await this.#complete({ type }, options);
    } catch (error) {
      if (hasCode(error, NOTHING_UNDER_WAY)) return null;
      throw error;
    }
  }
}

/**
 * The address without the sign that the bank has sent the customer back, so that a
 * reload does not return once more. The checkout's id, which the plugin adds too, may
 * be the page's own parameter.
 *
 * @param {string} url
 */
export function withoutReturn(url) {
  return withoutParameters(url, RETURN_SIGNS);
}

/**
 * @param {string} kind Names the parameter that the plugin adds as well.
 */
function pageWithoutReturn(kind) {
  return globalThis.location && withoutParameters(location.href, [kind, ...RETURN_SIGNS]);
}

/**
 * @param {string} url
 * @param {string[]} names
 */
function withoutParameters(url, names) {
  const address = new URL(url);
  for (const name of names) address.searchParams.delete(name);
  return address.href;
}

/**
 * @param {unknown} error
 * @param {string[]} codes
 */
function hasCode(error, codes) {
  return error instanceof CheckoutError && codes.includes(error.code);
}

/**
 * @param {number} ms
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** A browser that blocks all cookies throws at the mere name of sessionStorage. */
function sessionStorageIfAllowed() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
