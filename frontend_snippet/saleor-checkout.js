/**
 * A card payment with DGS-Pay through Saleor's GraphQL API, from the card to the order.
 *
 *     const checkout = new DgsPayCheckout({ checkoutId, graphqlUrl });
 *     let step = (await checkout.resume()) ?? (await checkout.payWithCard(card));
 *     if (step.type === "pin") step = await checkout.answerPin(pin);
 *
 * Each call resolves to the next step: what the customer is asked for, or the order.
 * Whatever the shop does not know yet is asked again, less and less often, before the
 * call resolves.
 */

import { GATEWAY_ID, readDetails, readOrder, readStep } from "./checkout/answers.js";
import { CHECKOUT, COMPLETE_CHECKOUT, CREATE_PAYMENT } from "./checkout/documents.js";
import {
  CheckoutError,
  ConnectionError,
  PaymentError,
  StoreError,
  readError,
} from "./checkout/errors.js";
import { PaymentMemory } from "./checkout/memory.js";
import { executeWithFetch } from "./checkout/transport.js";
import { encryptCard, encryptPin } from "./encrypt.js";

export { CheckoutError, ConnectionError, PaymentError, StoreError };

const POLL_AFTER_MS = 3_000;
const POLL_AT_MOST_EVERY_MS = 15_000;
const POLL_BACK_OFF = 1.5;

/** @typedef {import("./encrypt.js").Card} Card */
/** @typedef {import("./checkout/transport.js").Execute} Execute */

/**
 * @typedef {object} Money
 * @property {number} amount In major units.
 * @property {string} currency ISO 4217.
 */

/**
 * @typedef {object} Address
 * @property {string} line1
 * @property {string} [line2]
 * @property {string} [city]
 * @property {string} [state]
 * @property {string} [postalCode]
 * @property {string} country ISO 3166-1, two letters.
 */

/**
 * @typedef {object} CheckoutDetails
 * @property {Money} total
 * @property {Address | null} billingAddress
 * @property {{ encryptionKey: string, nonceFormat: "12" | "24", environment: string }} gateway
 */

/**
 * @typedef {object} Order
 * @property {string} id
 * @property {string} number
 * @property {boolean} isPaid False while the bank has not decided; the shop will know.
 * @property {Money} total
 */

/**
 * Saleor's `confirmationData`, as the plugin writes it.
 *
 * @typedef {object} Confirmation
 * @property {"pin" | "otp" | "avs" | "redirect" | "wait"} type
 * @property {string | null} [reference] DGS-Pay's reference of the charge.
 * @property {string} [redirect_url]
 * @property {number} [poll_after_ms]
 * @property {string} [error] Machine code of what was wrong with the last answer.
 * @property {string} [message] The same as a sentence for the customer.
 */

/**
 * What comes next. `wait` comes only when the shop still did not know after the
 * patience of one call: the customer may leave, or `resume` asks again.
 *
 * @typedef {(
 *   | { type: "pin" | "otp" | "avs", error?: string, message?: string }
 *   | { type: "redirect", url: string }
 *   | { type: "wait" }
 *   | { type: "order", order: Order }
 * )} Step
 */

/**
 * @typedef {object} CheckoutOptions
 * @property {string} checkoutId Saleor's global id of the checkout.
 * @property {string} [graphqlUrl] Saleor's GraphQL endpoint. Either this or `execute`.
 * @property {Execute} [execute] The store's own GraphQL client.
 * @property {string} [returnUrl] Where the bank's page sends the customer back to, with
 *   `checkout` and `payment` added to its query. The page's own address unless told
 *   otherwise.
 * @property {import("./checkout/memory.js").Memory} [storage] Where a payment under way is remembered; the
 *   browser's sessionStorage unless told otherwise.
 * @property {number} [patienceMs] How long one call waits for the shop to know; 120 000
 *   unless told otherwise.
 */

/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal] Ends the call; the payment itself goes on.
 * @property {() => void} [onWaiting] Told when the shop does not know yet, which may
 *   take a while.
 */

/** @typedef {Confirmation | { type: "order", order: Order, poll_after_ms?: undefined }} Answer */

export class DgsPayCheckout {
  #checkoutId;
  #execute;
  #returnUrl;
  #memory;
  #patienceMs;
  /** The options of the call that is under way. @type {CallOptions | null} */
  #running = null;
  /** @type {CheckoutDetails | null} */
  #details = null;

  /** @param {CheckoutOptions} options */
  constructor({
    checkoutId,
    graphqlUrl = "/graphql/",
    execute = executeWithFetch(graphqlUrl),
    returnUrl = globalThis.location && withoutParameters(location.href, "checkout", "payment"),
    storage = sessionStorageIfAllowed(),
    patienceMs = 120_000,
  }) {
    this.#checkoutId = checkoutId;
    this.#execute = execute;
    this.#returnUrl = returnUrl;
    this.#memory = new PaymentMemory(checkoutId, storage);
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
    const { checkout } = await this.#send("query", CHECKOUT, {}, options);
    if (!checkout) throw new StoreError("NOT_FOUND", "This checkout does not exist anymore.");
    this.#details = readDetails(checkout);
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
      const { gateway, total } = this.#details ?? (await this.load(options));
      const encryptedCard = await encryptCard(card, gateway.encryptionKey, gateway);
      try {
        await this.#createPayment(total, options);
      } catch (error) {
        if (isNotFound(error)) return this.#complete({ type: "wait" }, options);
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
      const isBack = url && isReturn(url, this.#checkoutId);
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
    return this.#oneAtATime(options, () => this.#complete({ type: "wait" }, options));
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
   * @param {Money} total
   * @param {CallOptions} options
   */
  async #createPayment(total, options) {
    const input = { gateway: GATEWAY_ID, amount: total.amount, returnUrl: this.#returnUrl };
    const data = await this.#send("mutation", CREATE_PAYMENT, { input }, options);
    const [error] = data.checkoutPaymentCreate.errors;
    if (error) {
      // The total may be the reason: it is read again before the next attempt.
      this.#details = null;
      throw readError(error);
    }
    this.#memory.write({ reference: null });
  }

  /**
   * Answer the payment's step, and ask again until the shop knows what came of it.
   *
   * @param {Record<string, unknown>} paymentData
   * @param {CallOptions} options
   * @returns {Promise<Step>}
   */
  async #complete(paymentData, options) {
    const deadline = Date.now() + this.#patienceMs;
    let answer = await this.#ask(paymentData, options);
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
      return await this.#ask({ type: "wait" }, options);
    } catch (error) {
      // The request before this one was lost on its way to the shop.
      if (isNothingUnderWay(error)) throw new ConnectionError({ cause: error });
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
      if (isNothingUnderWay(error)) return null;
      throw error;
    }
  }

  /**
   * Complete the checkout once.
   *
   * @param {Record<string, unknown>} paymentData
   * @param {CallOptions} options
   * @returns {Promise<Answer>}
   */
  async #ask(paymentData, options) {
    const reference = this.#memory.read()?.reference ?? undefined;
    const variables = { paymentData: JSON.stringify({ ...paymentData, reference }) };
    let result;
    try {
      const data = await this.#send("mutation", COMPLETE_CHECKOUT, variables, options);
      result = data.checkoutComplete;
    } catch (error) {
      // Whether the shop has acted on it is not known.
      if (error instanceof ConnectionError) return { type: "wait", reference };
      throw error;
    }
    if (result.confirmationNeeded) {
      const confirmation = JSON.parse(result.confirmationData);
      this.#memory.write({ reference: confirmation.reference });
      return confirmation;
    }
    if (!result.order) throw this.#failed(readError(result.errors[0]));
    this.#memory.clear();
    return { type: "order", order: readOrder(result.order) };
  }

  /** @param {CheckoutError} error */
  #failed(error) {
    if (!(error instanceof PaymentError && error.canAnswerAgain)) this.#memory.clear();
    return error;
  }

  /**
   * @param {"query" | "mutation"} kind
   * @param {string} document
   * @param {Record<string, unknown>} variables
   * @param {CallOptions} options
   */
  async #send(kind, document, variables, { signal }) {
    try {
      return await this.#execute(
        document,
        { id: this.#checkoutId, ...variables },
        { kind, signal },
      );
    } catch (cause) {
      if (signal?.aborted || cause instanceof CheckoutError) throw cause;
      throw new ConnectionError({ cause });
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
  return withoutParameters(url, "payment");
}

/**
 * @param {string} url
 * @param {...string} names
 */
function withoutParameters(url, ...names) {
  const address = new URL(url);
  for (const name of names) address.searchParams.delete(name);
  return address.href;
}

/**
 * @param {string} url
 * @param {string} checkoutId
 */
function isReturn(url, checkoutId) {
  const parameters = new URL(url).searchParams;
  // The page's own parameter of that name may stand before the plugin's.
  return parameters.has("payment") && parameters.getAll("checkout").includes(checkoutId);
}

/** @param {unknown} error */
function isNotFound(error) {
  return error instanceof StoreError && error.code === "NOT_FOUND";
}

/**
 * The shop has no charge, or no checkout, that one could wait for.
 *
 * @param {unknown} error
 */
function isNothingUnderWay(error) {
  return (
    error instanceof CheckoutError &&
    ["wrong_step", "NOT_FOUND", "CHECKOUT_NOT_FULLY_PAID"].includes(error.code)
  );
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
