/** A shop that answers as it is told, for tests of the flow without a server. */

export const CHECKOUT_ID = "Q2hlY2tvdXQ6MQ==";
export const ORDER_ID = "T3JkZXI6MQ==";
export const TRANSACTION_ID = "VHJhbnNhY3Rpb25JdGVtOjE=";
export const PAYMENT_ID = "UGF5bWVudDox";
export const SHOP_PAGE = "https://shop.example/checkout";
export const CARD = {
  number: "4242424242424242",
  expiryMonth: "12",
  expiryYear: "2031",
  cvv: "123",
};

const GROSS = { gross: { amount: 12000, currency: "RWF" } };
const PERSON = { firstName: "Aline", lastName: "Uwase", companyName: "", phone: "+250788123456" };

/** A checkout that can become an order, and only needs to be paid. */
const COMPLETE = {
  email: "aline@example.com",
  isShippingRequired: false,
  lines: [{ id: "Q2hlY2tvdXRMaW5lOjE=" }],
  shippingAddress: null,
  deliveryMethod: null,
  giftCards: [],
  problems: [],
};
const WHAT_IS_DUE = {
  totalBalance: { amount: -12000 },
  billingAddress: {
    ...PERSON,
    streetAddress1: "KG 7 Ave",
    streetAddress2: "",
    city: "KIGALI",
    countryArea: "",
    postalCode: "",
    country: { code: "RW" },
  },
};
const CONFIG = {
  encryption_key: btoa("\u0007".repeat(32)),
  nonce_format: "12",
  environment: "sandbox",
};

/** The step that a paid order comes to. */
export const ORDER_STEP = {
  type: "order",
  order: { id: ORDER_ID, number: "21", isPaid: true, total: GROSS.gross },
};

/**
 * What the plugin answers to a step, in no API's words: a confirmation to give, a failure
 * of the payment, or the payment's end.
 *
 * @typedef {(
 *   | { asks: Record<string, unknown> }
 *   | { fails: string }
 *   | { ends: "CHARGE_SUCCESS" | "CHARGE_REQUEST" }
 * )} PluginAnswer
 */

/** @param {Record<string, unknown>} confirmation */
export const asks = (confirmation) => ({ asks: { reference: "DGS-1", ...confirmation } });
/** @param {string} message */
export const fails = (message) => ({ fails: message });
export const paid = () => ({ ends: /** @type {const} */ ("CHARGE_SUCCESS") });
export const pending = () => ({ ends: /** @type {const} */ ("CHARGE_REQUEST") });
export const lost = () => new TypeError("fetch failed");

export const PIN = asks({ type: "pin" });
export const WAIT = asks({ type: "wait", poll_after_ms: 1 });
export const NEVER_ARRIVED = fails("This payment is not waiting. (wrong_step)");

/** Saleor's own refusal of a mutation, in place of the plugin's answer. */
export class Refusal {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message = code) {
    this.errors = [{ code, message }];
  }
}

export class FakeShop {
  api;
  /** What the plugin was asked, in order; without an API's own envelope. @type {any[]} */
  steps = [];
  /** The operations, in order, by their names without "DgsPay". @type {string[]} */
  operations = [];
  /** The variables of each operation. @type {any[]} */
  variables = [];
  /** What the next attempts to begin or complete are refused with. @type {Refusal[]} */
  refusals = [];
  /** Whether the checkout costs nothing, so that no payment is asked how it stands. */
  completesWithoutPayment = false;
  /** @type {Record<string, any>} */
  config = CONFIG;
  /** @type {any} */
  checkout = {
    totalPrice: structuredClone(GROSS),
    ...structuredClone({ ...COMPLETE, ...WHAT_IS_DUE }),
  };
  /** @type {any} */
  order = { ...ORDER_STEP.order, total: GROSS, ...structuredClone(WHAT_IS_DUE) };
  #answers;

  /**
   * @param {"transactions" | "payments"} api By which the plugin is offered.
   * @param {...(PluginAnswer | Refusal | Error)} answers One for each step.
   */
  constructor(api, ...answers) {
    this.api = api;
    this.#answers = answers;
  }

  /** How often an operation was asked for. @param {string} operation */
  count(operation) {
    return this.operations.filter((name) => name === operation).length;
  }

  /** @type {import("../checkout/transport.js").Execute} */
  execute = async (document, variables, { kind }) => {
    const [, ofKind, operation = ""] = document.match(/(\w+) DgsPay(\w+)\(/) ?? [];
    if (ofKind !== kind) throw new Error(`${operation} is a ${ofKind}, not a ${kind}.`);
    this.operations.push(operation);
    this.variables.push(variables);
    return structuredClone(this.#answer(operation, variables));
  };

  /**
   * @param {string} operation
   * @param {any} variables
   */
  #answer(operation, variables) {
    switch (operation) {
      case "Checkout":
        return { checkout: this.checkout && this.#withGateways() };
      case "WhatIsMissing":
        return { checkout: this.checkout };
      case "Order":
        return { order: this.order };
      case "InitializeGateway":
        return { paymentGatewayInitialize: { gatewayConfigs: [this.#gatewayConfig()] } };
      case "CreatePayment":
        return { checkoutPaymentCreate: this.refusals.shift() ?? { errors: [] } };
      case "CompleteCheckout":
        return { checkoutComplete: this.#completed(variables.paymentData) };
      case "InitializeTransaction":
        return { transactionInitialize: this.#session(variables.gateway.data) };
      case "ProcessTransaction":
        return { transactionProcess: this.#session(variables.data) };
      default:
        throw new Error(`The shop does not know ${operation}.`);
    }
  }

  #withGateways() {
    const config = Object.entries(this.config).map(([field, value]) => ({ field, value }));
    const ours = this.api === "payments" ? [{ id: "dgspay.payments", config }] : [];
    return {
      ...this.checkout,
      availablePaymentGateways: [{ id: "mirumee.payments.dummy", config: [] }, ...ours],
    };
  }

  #gatewayConfig() {
    return this.api === "transactions"
      ? { data: this.config, errors: [] }
      : { data: null, errors: [{ code: "NOT_FOUND" }] };
  }

  /** @param {string | undefined} paymentData */
  #completed(paymentData) {
    if (!paymentData || this.completesWithoutPayment)
      return this.refusals.shift() ?? { order: this.order, errors: [] };
    const answer = this.#next(JSON.parse(paymentData));
    if (answer instanceof Refusal) return answer;
    if ("fails" in answer) return new Refusal("PAYMENT_ERROR", answer.fails);
    return "asks" in answer
      ? { confirmationNeeded: true, confirmationData: JSON.stringify(answer.asks), errors: [] }
      : { confirmationNeeded: false, confirmationData: "{}", order: this.order, errors: [] };
  }

  /** @param {unknown} data */
  #session(data) {
    const answer = this.#next(data);
    if (answer instanceof Refusal) return answer;
    if ("asks" in answer) return session("CHARGE_ACTION_REQUIRED", "", answer.asks);
    if ("fails" in answer) return session("CHARGE_FAILURE", answer.fails, {});
    return session(answer.ends, "", null);
  }

  /** @param {unknown} step */
  #next(step) {
    this.steps.push(step);
    const answer = this.#answers.shift();
    if (!answer) throw new Error("The shop was asked more often than the test foresees.");
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/**
 * @param {string} type
 * @param {string} message
 * @param {Record<string, unknown> | null} data
 */
function session(type, message, data) {
  return {
    transaction: { id: TRANSACTION_ID },
    transactionEvent: { type, message },
    data,
    errors: [],
  };
}

/** sessionStorage, which Node does not have. */
export class MemoryStorage {
  /** @type {Map<string, string>} */
  items = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    this.items.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}
