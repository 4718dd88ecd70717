/**
 * Saleor's Transactions API: a transaction is initialized and processed until it is
 * charged, and then the checkout can be completed. An order needs no completing.
 */

import {
  GATEWAY_ID,
  gatewayNotAvailable,
  notFound,
  readDetails,
  readOrder,
} from "./saleor-responses.js";
import {
  CHECKOUT,
  COMPLETE_CHECKOUT,
  INITIALIZE_GATEWAY,
  INITIALIZE_TRANSACTION,
  ORDER,
  PROCESS_TRANSACTION,
} from "./documents.js";
import { CheckoutError, ConnectionError, PaymentError, StoreError, readError } from "./errors.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").CallOptions} CallOptions */
/** @typedef {import("./types.js").CheckoutDetails} CheckoutDetails */
/** @typedef {import("./types.js").Money} Money */
/** @typedef {import("./types.js").PaymentData} PaymentData */
/** @typedef {import("./types.js").Purchase} Purchase */

/** Saleor's statuses of orders that nothing is paid for anymore. */
const NEVER_PAID = ["CANCELED", "EXPIRED"];

export class TransactionsApi {
  #purchase;
  /** What Pay was pressed with, until the transaction is known. @type {PaymentData | null} */
  #pressed = null;
  /** @type {Record<string, any> | undefined} */
  #config;
  /** As `read` found it. */
  #isPaid = false;
  /** Whether the store has refused to complete what is paid, and is asked again. */
  #isRefused = false;

  /** @param {Purchase} purchase */
  constructor(purchase) {
    this.#purchase = purchase;
  }

  /**
   * @param {CallOptions} options
   * @returns {Promise<CheckoutDetails>}
   */
  async read(options) {
    const [subject, config] = await Promise.all([
      this.#readSubject(options),
      this.#config ?? this.#initializeGateway(options),
    ]);
    if (!config) throw gatewayNotAvailable();
    // What is open is soon decided: it is asked for anew.
    this.#config = config.open_payment ? undefined : config;
    const { gross } = subject.totalPrice ?? subject.total;
    // What is charged already, or may still be, is not paid again.
    const amount = 0 - subject.totalBalance.amount;
    this.#isPaid = gross.amount > 0 && amount <= 0;
    return {
      ...readDetails(subject, { ...gross, amount }, config),
      isPaid: this.#isPaid,
      isFree: this.#purchase.kind === "checkout" && gross.amount === 0,
      underWay: config.open_payment ? { transaction: config.open_payment } : null,
      missing: NEVER_PAID.includes(subject.status) ? ["order_not_payable"] : [],
    };
  }

  /**
   * The customer pays what they were shown, or nothing. Saleor would charge any part of
   * the total and then complete no checkout.
   *
   * @param {Money} shown
   * @param {CallOptions} options
   */
  async begin(shown, options) {
    const { total } = await this.read(options);
    if (total.amount !== shown.amount) throw totalChanged();
    this.#pressed = null;
    this.#purchase.memory.write({ idempotencyKey: crypto.randomUUID(), amount: shown.amount });
  }

  /**
   * Advance the transaction once.
   *
   * @param {PaymentData} data
   * @param {CallOptions} options
   * @returns {Promise<Answer>}
   */
  async ask(data, options) {
    try {
      return await this.#advance(data, options);
    } catch (error) {
      if (!isUnknownYet(error)) throw error;
      return { type: "wait", isLost: error instanceof ConnectionError };
    }
  }

  /**
   * The order that the checkout has become, or that is paid.
   *
   * @param {CallOptions} options
   */
  findOrder(options) {
    this.#purchase.memory.clear();
    return this.ask({ type: "wait" }, options);
  }

  /** @param {CallOptions} options */
  async #readSubject(options) {
    const { send, kind } = this.#purchase;
    const data = await send("query", kind === "order" ? ORDER : CHECKOUT, {}, options);
    if (!data[kind]) throw notFound();
    return data[kind];
  }

  /** @param {CallOptions} options */
  async #initializeGateway(options) {
    const variables = { gateway: { id: GATEWAY_ID } };
    const data = await this.#purchase.send("mutation", INITIALIZE_GATEWAY, variables, options);
    const [gateway] = data.paymentGatewayInitialize.gatewayConfigs ?? [];
    return gateway?.errors?.length ? undefined : gateway?.data;
  }

  /**
   * @param {PaymentData} data
   * @param {CallOptions} options
   */
  async #advance(data, options) {
    const { memory } = this.#purchase;
    const payment = memory.read();
    const isKnown = payment?.transaction || payment?.idempotencyKey;
    if (!isKnown) return this.#isPaid ? this.#finishPaid(options) : this.#finish(options);
    const session = await this.#send(payment, data, options);
    const [error] = session.errors;
    // The press has been taken before, and its checkout may have become an order.
    if (error?.code === "UNIQUE") return this.#finishPaid(options);
    if (error) throw this.#failed(readError(error));
    this.#pressed = null;
    const { idempotencyKey, amount, ...known } = payment;
    memory.write({ ...known, transaction: session.transaction.id });
    const { type, message } = session.transactionEvent;
    if (type.endsWith("_ACTION_REQUIRED")) return session.data;
    if (type.endsWith("_FAILURE")) throw this.#failed(readError({ code: type, message }));
    return this.#finishPaid(options);
  }

  /**
   * @param {import("./memory.js").PaymentUnderWay} payment
   * @param {PaymentData} data
   * @param {CallOptions} options
   */
  async #send(payment, data, options) {
    const { send, returnUrl } = this.#purchase;
    const { idempotencyKey, amount } = payment;
    if (payment.transaction) {
      const variables = { id: payment.transaction, data };
      return (await send("mutation", PROCESS_TRANSACTION, variables, options)).transactionProcess;
    }
    // A press whose answer was lost is repeated as it was: its key is charged once.
    this.#pressed = data.type === "wait" ? (this.#pressed ?? data) : data;
    const gateway = { id: GATEWAY_ID, data: { ...this.#pressed, return_url: returnUrl } };
    const variables = { idempotencyKey, amount, gateway };
    return (await send("mutation", INITIALIZE_TRANSACTION, variables, options))
      .transactionInitialize;
  }

  /**
   * A charge that is pending is complete to Saleor: the shop hears of its end later.
   *
   * @param {CallOptions} options
   * @returns {Promise<Answer>}
   */
  async #finishPaid(options) {
    try {
      return await this.#finish(options);
    } catch (error) {
      if (isUnknownYet(error) || !(error instanceof CheckoutError)) throw error;
      if (error.code === "CHECKOUT_NOT_FULLY_PAID") throw this.#failed(totalChanged());
      // Saleor may be making the order by itself, and then finds half of a checkout.
      this.#isRefused = !this.#isRefused;
      if (this.#isRefused) return { type: "wait", poll_after_ms: 1000 };
      throw new PaymentError(
        "order_not_placed",
        "You have been charged, but the order could not be placed. Do not pay again: contact the shop.",
        { cause: error },
      );
    }
  }

  /**
   * @param {CallOptions} options
   * @returns {Promise<Answer>}
   */
  async #finish(options) {
    const { memory } = this.#purchase;
    const order = await this.#placeOrder(options);
    memory.clear();
    return { type: "order", order: readOrder(order) };
  }

  /** @param {CallOptions} options */
  async #placeOrder(options) {
    const { send, kind } = this.#purchase;
    if (kind === "order") return this.#readSubject(options);
    const { checkoutComplete } = await send("mutation", COMPLETE_CHECKOUT, {}, options);
    if (!checkoutComplete.order) throw readError(checkoutComplete.errors[0]);
    return checkoutComplete.order;
  }

  /** @param {CheckoutError} error */
  #failed(error) {
    // The gateway knows which payment is open elsewhere: it is asked anew.
    this.#config = undefined;
    const mayBeCharged = error instanceof PaymentError && error.mayBeCharged;
    if (!isUnknownYet(error) && !mayBeCharged) this.#purchase.memory.clear();
    return error;
  }
}

/** With the code by which the Payments API refuses. */
function totalChanged() {
  return new StoreError("PARTIAL_PAYMENT_NOT_ALLOWED");
}

/**
 * Saleor may be completing the checkout at this moment, which it does by itself where
 * the channel wants it.
 *
 * @param {unknown} error
 */
function isUnknownYet(error) {
  return (
    error instanceof ConnectionError ||
    (error instanceof StoreError && error.code === "CHECKOUT_COMPLETION_IN_PROGRESS")
  );
}
