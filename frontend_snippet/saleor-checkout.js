/**
 * A payment with DGS-Pay through Saleor's GraphQL API, from the card or the mobile money
 * number to the order: by transactions where the shop offers DGS-Pay there, or else by the Payments API.
 *
 *     const checkout = new DgsPayCheckout({ checkoutId, graphqlUrl });
 *     let step = (await checkout.resume()) ?? (await checkout.payWithCard(card));
 *     if (step.type === "pin") step = await checkout.answerPin(pin);
 *
 * Each call resolves to the next step: what the customer is asked for, or the order.
 * Whatever the shop does not know yet is asked again, less and less often, before the
 * call resolves.
 */

import { readApproval, readStep } from "./checkout/saleor-responses.js";
import { CheckoutError, ConnectionError, PaymentError, StoreError } from "./checkout/errors.js";
import { PaymentMemory } from "./checkout/memory.js";
import { WHAT_IS_MISSING } from "./checkout/documents.js";
import { missingIn } from "./checkout/missing.js";
import { PaymentsApi } from "./checkout/payments.js";
import { TransactionsApi } from "./checkout/transactions.js";
import { executeWithFetch, senderOf } from "./checkout/transport.js";
import { pause } from "./checkout/waiting.js";
import { encryptCard, encryptPin } from "./encrypt.js";

export { CheckoutError, ConnectionError, PaymentError, StoreError };

const POLL_AFTER_MS = 3_000;
const POLL_AT_MOST_EVERY_MS = 15_000;
const POLL_BACK_OFF = 1.5;

/** A prompt on a phone lives for some minutes. */
const PATIENCE_MS = { wait: 120_000, approve_on_phone: 300_000 };

/**
 * How long a charge that is open at the bank's page holds back another card: as long as
 * the plugin holds it back (dgspay_plugin/records/attempts.py).
 */
export const OPEN_AT_BANK_MS = 15 * 60_000;

/** Saleor's type of what the way back from the bank names, by its query parameter. */
const RETURN_SIGNS = { transaction: "TransactionItem", payment: "Payment" };

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
/** @typedef {import("./checkout/types.js").PaymentData} PaymentData */
/** @typedef {import("./checkout/types.js").Step} Step */
/** @typedef {import("./checkout/types.js").Wallet} Wallet */

export class DgsPayCheckout {
  #kind;
  #id;
  #send;
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
    storage = localStorageIfAllowed(),
    patienceMs,
    requestLimitMs = 70_000,
  }) {
    /** @type {"order" | "checkout"} */
    const kind = orderId ? "order" : "checkout";
    this.#kind = kind;
    this.#id = orderId ?? checkoutId;
    this.#memory = new PaymentMemory(this.#id, storage);
    this.#send = senderOf(execute, this.#id, requestLimitMs);
    const purchase = {
      kind,
      send: this.#send,
      memory: this.#memory,
      returnUrl: returnUrl ?? this.#pageToReturnTo(),
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
   *   become an order; gateway_not_available: the shop takes no payments for it here.
   * @throws {ConnectionError}
   */
  async load(options = {}) {
    const [details, missing] = await Promise.all([this.#read(options), this.#readMissing(options)]);
    this.#details = { ...details, missing: [...details.missing, ...missing] };
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
    return this.#pay(options, ({ gateway, missing: [lack] }) => {
      if (lack) throw new StoreError(lack);
      return encryptCard(card, gateway.encryptionKey, gateway);
    });
  }

  /**
   * Charge a mobile money account. Its owner is asked to approve the payment on the phone.
   * The customer pays the total that `load` told them, or nothing.
   *
   * @param {Wallet} wallet
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError}
   */
  payWithMobileMoney({ network, phone }, options = {}) {
    return this.#pay(options, ({ missing }) => {
      // The number that pays serves who has given no other.
      const lack = missing.find((code) => code !== "phone_needed");
      if (lack) throw new StoreError(lack);
      return {
        type: "mobile_money",
        mobile_money_network: network,
        mobile_money_phone: phone,
      };
    });
  }

  /**
   * @param {CallOptions} options
   * @param {(details: CheckoutDetails) => PaymentData | Promise<PaymentData>} means What is
   *   charged.
   * @returns {Promise<Step>}
   */
  #pay(options, means) {
    return this.#oneAtATime(options, async () => {
      const details = await this.#upToDate(options);
      if (details.isPaid) return this.#findOrder(options);
      if (details.isFree) throw new StoreError("nothing_to_pay");
      const data = await means(details);
      try {
        await this.#api.begin(details.total, options);
      } catch (error) {
        if (hasCode(error, ["NOT_FOUND"])) return this.#findOrder(options);
        // The total may be the reason: it is read again before the next attempt.
        if (error instanceof StoreError) this.#details = null;
        throw error;
      }
      return this.#complete(data, options);
    });
  }

  /**
   * Place an order that costs nothing. No card is asked for.
   *
   * @param {CallOptions} [options]
   * @returns {Promise<Step>}
   * @throws {CheckoutError}
   */
  placeFreeOrder(options = {}) {
    return this.#oneAtATime(options, async () => {
      const { isFree } = await this.load(options);
      if (!isFree) throw new StoreError("PARTIAL_PAYMENT_NOT_ALLOWED");
      return this.#findOrder(options);
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
   * the bank's page, or that `load` has found.
   *
   * @param {CallOptions & { url?: string }} [options] `url` is the page's address,
   *   which tells whether the bank sent the customer back.
   * @returns {Promise<Step | null>} Null where no payment is under way.
   * @throws {CheckoutError}
   */
  resume({ url = globalThis.location?.href, ...options } = {}) {
    return this.#oneAtATime(options, async () => {
      const isBack = this.#noteReturn(url);
      const found = this.#details?.underWay;
      if (!this.#memory.read() && found) this.#memory.write(found);
      const payment = this.#memory.read();
      if (!payment) return null;
      if (payment.ended) return this.#askForOrder(payment, options);
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
    const parameters = parametersOf(url);
    // The page's own parameter of that name may stand before the plugin's.
    if (!parameters.some(([name, value]) => name === this.#kind && value === this.#id)) {
      return false;
    }
    const sign = parameters.find(isReturnSign);
    if (!sign) return false;
    const [name, id] = sign;
    const known = this.#memory.read();
    if (name === "payment" && !known) this.#memory.write({ reference: null });
    if (name === "transaction" && known?.transaction !== id) {
      this.#memory.write({ transaction: id });
    }
    return true;
  }

  /** This page's address, if the bank can send the customer back to it. */
  #pageToReturnTo() {
    const page = globalThis.location?.href;
    if (!page || !/^https?:/.test(page)) return undefined;
    return withoutParameters(
      page,
      (parameter) =>
        isReturnSign(parameter) || (parameter[0] === this.#kind && parameter[1] === this.#id),
    );
  }

  /** @param {CallOptions} options @returns {Promise<CheckoutDetails>} */
  async #read(options) {
    try {
      return await this.#api.read(options);
    } catch (error) {
      if (!this.#mayFallBack || !hasCode(error, NOT_OFFERED)) throw error;
      this.#mayFallBack = false;
      this.#api = this.#payments;
      return this.#api.read(options);
    }
  }

  /**
   * Where it cannot be known, the plugin still refuses what cannot become an order.
   *
   * @param {CallOptions} options
   * @returns {Promise<string[]>}
   */
  async #readMissing(options) {
    if (this.#kind === "order") return [];
    try {
      const { checkout } = await this.#send("query", WHAT_IS_MISSING, {}, options);
      return checkout ? missingIn(checkout, checkout.totalPrice.gross.amount === 0) : [];
    } catch (error) {
      if (error instanceof CheckoutError) return [];
      throw error;
    }
  }

  /**
   * What was loaded before, unless it was not enough to pay.
   *
   * @param {CallOptions} options
   */
  async #upToDate(options) {
    const known = this.#details;
    return known && !known.missing.length ? known : this.load(options);
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
      throw new CheckoutError("busy");
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
   * @param {PaymentData} paymentData
   * @param {CallOptions} options
   */
  #complete(paymentData, options) {
    return this.#notingItsEnd(async () => {
      const answer = await this.#apiUnderWay().ask(paymentData, options);
      const step = await this.#untilKnown(answer, options);
      const isAskedAgain = step.type === paymentData.type && "error" in step && !step.error;
      return answer.isLost && isAskedAgain ? { ...step, error: "answer_lost" } : step;
    });
  }

  /**
   * Remember that money moved, so that a page that is opened anew asks for no card.
   *
   * @param {() => Promise<Step>} run
   */
  async #notingItsEnd(run) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof PaymentError && error.mayBeCharged) {
        // It is another payment that has paid: this one was never charged.
        const payment = error.code === "already_paid" ? null : this.#memory.read();
        this.#memory.write({ ...payment, ended: error.code });
      }
      throw error;
    }
  }

  #apiUnderWay() {
    const payment = this.#memory.read() ?? {};
    if ("reference" in payment) return this.#payments;
    return payment.transaction || payment.idempotencyKey ? this.#transactions : this.#api;
  }

  /**
   * Money has moved: nothing but the order is asked for.
   *
   * @param {import("./checkout/memory.js").PaymentUnderWay} payment
   * @param {CallOptions} options
   * @returns {Promise<Step>}
   */
  async #askForOrder(payment, options) {
    const { ended = "", ...before } = payment;
    const isKnown = Object.keys(before).length > 0;
    const step = isKnown && (await this.#resumeUnderWay("wait", options));
    if (step) return step;
    try {
      const { isPaid } = await this.load(options);
      if (isPaid) return await this.#findOrder(options);
    } catch (error) {
      if (hasCode(error, ["NOT_FOUND"])) return this.#findOrder(options);
      throw error;
    }
    this.#memory.write(payment);
    throw new PaymentError(ended, "You have been charged. Do not pay again: contact the shop.");
  }

  /** @param {CallOptions} options */
  #findOrder(options) {
    return this.#notingItsEnd(async () =>
      this.#untilKnown(await this.#api.findOrder(options), options),
    );
  }

  /**
   * @param {Answer} answer
   * @param {CallOptions} options
   * @returns {Promise<Step>}
   */
  async #untilKnown(answer, options) {
    const began = Date.now();
    let told = "";
    let pauseMs = answer.poll_after_ms ?? POLL_AFTER_MS;
    while (answer.type === "wait" || answer.type === "approve_on_phone") {
      const approval = answer.type === "wait" ? undefined : readApproval(answer);
      const state = { isLost: Boolean(answer.isLost), approval };
      if (JSON.stringify(state) !== told) options.onWaiting?.(state);
      told = JSON.stringify(state);
      if (Date.now() + pauseMs > began + (this.#patienceMs ?? PATIENCE_MS[answer.type])) break;
      await pause(pauseMs, options.signal);
      pauseMs = Math.min(pauseMs * POLL_BACK_OFF, POLL_AT_MOST_EVERY_MS);
      answer = await this.#askAgain(options);
      options.onAsked?.();
    }
    return readStep(answer, answer.type === "redirect" ? this.#otherCardAt() : 0);
  }

  /** When another card can work at the latest, if the customer is at the bank's page now. */
  #otherCardAt() {
    const payment = this.#memory.read() ?? {};
    const atBankSince = payment.atBankSince ?? Date.now();
    this.#memory.write({ ...payment, atBankSince });
    return atBankSince + OPEN_AT_BANK_MS;
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
 * reload does not return once more. All else is left as it is, the page's own parameters
 * of the same names too.
 *
 * @param {string} url
 */
export function withoutReturn(url) {
  return withoutParameters(url, isReturnSign);
}

/**
 * @param {[string, string]} parameter
 * @returns {boolean} Whether it holds Saleor's id of a payment or a transaction.
 */
function isReturnSign([name, value]) {
  if (name !== "transaction" && name !== "payment") return false;
  try {
    return atob(value).startsWith(`${RETURN_SIGNS[name]}:`);
  } catch {
    return false;
  }
}

/**
 * @param {string | undefined} url
 * @returns {[string, string][]}
 */
function parametersOf(url) {
  return url ? [...new URL(url).searchParams] : [];
}

/**
 * What is left stays as it was written: nothing of it is encoded anew.
 *
 * @param {string} url
 * @param {(parameter: [string, string]) => boolean} isUnwanted
 */
function withoutParameters(url, isUnwanted) {
  const address = new URL(url);
  const kept = address.search
    .slice(1)
    .split("&")
    .filter((text) => ![...new URLSearchParams(text)].some(isUnwanted));
  const search = kept.join("&");
  if (search !== address.search.slice(1)) address.search = search;
  return address.href;
}

/**
 * @param {unknown} error
 * @param {string[]} codes
 */
function hasCode(error, codes) {
  return error instanceof CheckoutError && codes.includes(error.code);
}

/** A browser that blocks all cookies throws at the mere name of localStorage. */
function localStorageIfAllowed() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
