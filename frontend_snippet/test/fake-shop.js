/** A shop that answers as it is told, for tests of the flow without a server. */

export const CHECKOUT_ID = "Q2hlY2tvdXQ6MQ==";
export const ORDER = {
  id: "T3JkZXI6MQ==",
  number: "21",
  isPaid: true,
  total: { gross: { amount: 12000, currency: "RWF" } },
};

/** @param {Record<string, unknown>} [config] */
export function checkoutWith(config = {}) {
  const gatewayConfig = {
    encryption_key: Buffer.alloc(32, 7).toString("base64"),
    nonce_format: "12",
    environment: "sandbox",
    ...config,
  };
  return {
    id: CHECKOUT_ID,
    totalPrice: { gross: { amount: 12000, currency: "RWF" } },
    billingAddress: {
      firstName: "Aline",
      lastName: "Uwase",
      streetAddress1: "KG 7 Ave",
      streetAddress2: "",
      city: "KIGALI",
      countryArea: "",
      postalCode: "",
      country: { code: "RW" },
    },
    availablePaymentGateways: [
      { id: "mirumee.payments.dummy", config: [] },
      {
        id: "dgspay.payments",
        config: Object.entries(gatewayConfig).map(([field, value]) => ({ field, value })),
      },
    ],
  };
}

/** @param {Record<string, unknown>} confirmation */
export function confirmation(confirmation) {
  return {
    order: null,
    confirmationNeeded: true,
    confirmationData: JSON.stringify(confirmation),
    errors: [],
  };
}

export function paid() {
  return { order: ORDER, confirmationNeeded: false, confirmationData: "{}", errors: [] };
}

/**
 * @param {string} code
 * @param {string} message
 */
export function refused(code, message) {
  return {
    order: null,
    confirmationNeeded: false,
    confirmationData: null,
    errors: [{ field: null, code, message }],
  };
}

export class FakeShop {
  /** The paymentData of each checkoutComplete, in order. @type {any[]} */
  completed = [];
  /** The input of each checkoutPaymentCreate, in order. @type {any[]} */
  payments = [];
  /** What checkoutPaymentCreate refuses with. @type {{ code: string, message: string }[]} */
  paymentErrors = [];
  /** @type {any} */
  checkout = checkoutWith();
  #answers;

  /** @param {(object | Error)[]} answers One for each checkoutComplete. */
  constructor(...answers) {
    this.#answers = answers;
  }

  /** @type {import("../checkout/transport.js").Execute} */
  execute = async (document, variables, { kind }) => {
    if (kind === "query") return { checkout: this.checkout };
    if (document.includes("checkoutPaymentCreate")) {
      this.payments.push(variables.input);
      return { checkoutPaymentCreate: { payment: { id: "1" }, errors: this.paymentErrors } };
    }
    this.completed.push(JSON.parse(String(variables.paymentData)));
    const answer = this.#answers.shift();
    if (!answer) throw new Error("The shop was asked more often than the test foresees.");
    if (answer instanceof Error) throw answer;
    return { checkoutComplete: answer };
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
