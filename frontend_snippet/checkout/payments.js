/** Saleor's Payments API: a payment is made, and completing the checkout charges it. */

import {
  GATEWAY_ID,
  gatewayNotAvailable,
  notFound,
  readDetails,
  readOrder,
} from "./saleor-responses.js";
import { COMPLETE_CHECKOUT, CHECKOUT_WITH_GATEWAYS, CREATE_PAYMENT } from "./documents.js";
import { ConnectionError, PaymentError, readError } from "./errors.js";

/** Saleor's code while another request completes the same checkout. */
const BUSY = "CHECKOUT_COMPLETION_IN_PROGRESS";

/** Saleor's codes where there is no payment, or no checkout. */
const NOTHING_TO_COMPLETE = ["CHECKOUT_NOT_FULLY_PAID", "NOT_FOUND", "INACTIVE_PAYMENT"];

/** @typedef {import("./errors.js").CheckoutError} CheckoutError */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").CallOptions} CallOptions */
/** @typedef {import("./types.js").CheckoutDetails} CheckoutDetails */
/** @typedef {import("./types.js").Money} Money */
/** @typedef {import("./types.js").PaymentData} PaymentData */
/** @typedef {import("./types.js").Purchase} Purchase */

export class PaymentsApi {
  #purchase;

  /** @param {Purchase} purchase */
  constructor(purchase) {
    this.#purchase = purchase;
  }

  /**
   * @param {CallOptions} options
   * @returns {Promise<CheckoutDetails>}
   */
  async read(options) {
    const { send } = this.#purchase;
    const { checkout } = await send("query", CHECKOUT_WITH_GATEWAYS, {}, options);
    if (!checkout) throw notFound();
    const gateway = checkout.availablePaymentGateways.find(
      (/** @type {{ id: string }} */ { id }) => id === GATEWAY_ID,
    );
    if (!gateway) throw gatewayNotAvailable();
    const config = Object.fromEntries(
      gateway.config.map((/** @type {any} */ { field, value }) => [field, value]),
    );
    const { gross } = checkout.totalPrice;
    return {
      ...readDetails(checkout, gross, config),
      isFree: gross.amount === 0,
      underWay: "open_payment" in config ? { reference: config.open_payment || null } : null,
    };
  }

  /**
   * @param {Money} total
   * @param {CallOptions} options
   */
  async begin(total, options) {
    const { send, memory, returnUrl } = this.#purchase;
    const input = { gateway: GATEWAY_ID, amount: total.amount, returnUrl };
    const { checkoutPaymentCreate } = await send("mutation", CREATE_PAYMENT, { input }, options);
    const [error] = checkoutPaymentCreate.errors;
    if (error) throw readError(error);
    memory.write({ reference: null });
  }

  /**
   * Complete the checkout once.
   *
   * @param {PaymentData} paymentData
   * @param {CallOptions} options
   * @returns {Promise<Answer>}
   */
  async ask(paymentData, options) {
    const { send, memory } = this.#purchase;
    const payment = memory.read();
    const reference = payment?.reference ?? undefined;
    const variables = { paymentData: JSON.stringify({ ...paymentData, reference }) };
    let result;
    try {
      const data = await send("mutation", COMPLETE_CHECKOUT, variables, options);
      result = data.checkoutComplete;
    } catch (error) {
      // Whether the shop has acted on it is not known.
      if (error instanceof ConnectionError) return { type: "wait", isLost: true };
      throw error;
    }
    if (result.confirmationNeeded) {
      const confirmation = JSON.parse(result.confirmationData);
      memory.write({ ...payment, reference: confirmation.reference });
      return confirmation;
    }
    if (result.order) {
      memory.clear();
      return { type: "order", order: readOrder(result.order) };
    }
    const error = readError(result.errors[0]);
    if (error.code === BUSY) return { type: "wait" };
    throw this.#failed(error, paymentData);
  }

  /**
   * @param {CheckoutError} error
   * @param {PaymentData} paymentData
   */
  #failed(error, { type }) {
    const { memory } = this.#purchase;
    if (error instanceof PaymentError) {
      if (!error.canAnswerAgain && !error.mayBeCharged) memory.clear();
      return error;
    }
    const isOver = /^(card|mobile_money)$/.test(type) || NOTHING_TO_COMPLETE.includes(error.code);
    if (isOver || !memory.read()) {
      memory.clear();
      return error;
    }
    // Saleor looks at the goods before it asks what came of the charge.
    return new PaymentError(
      "order_not_possible_yet",
      "You may have been charged, but the order could not be placed. Do not pay again: contact the shop.",
      { cause: error },
    );
  }

  /**
   * The order that the checkout has become.
   *
   * @param {CallOptions} options
   */
  findOrder(options) {
    return this.ask({ type: "wait" }, options);
  }
}
