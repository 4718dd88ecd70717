/** Saleor's answers, in the terms of saleor-checkout.js. */

import { PaymentError, StoreError } from "./errors.js";

/** The plugin's id among Saleor's payment gateways. */
export const GATEWAY_ID = "dgspay.payments";

/** @typedef {import("./types.js").Address} Address */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").CheckoutDetails} CheckoutDetails */
/** @typedef {import("./types.js").Method} Method */
/** @typedef {import("./types.js").Order} Order */
/** @typedef {import("./types.js").Step} Step */

/**
 * @param {any} subject A checkout or an order.
 * @param {import("./types.js").Money} total
 * @param {Record<string, any>} config The gateway's.
 * @returns {CheckoutDetails}
 */
export function readDetails({ billingAddress }, total, config) {
  return {
    total,
    isPaid: false,
    isFree: false,
    missing: [],
    underWay: null,
    billingAddress: billingAddress && readAddress(billingAddress),
    phone: billingAddress?.phone ?? "",
    methods: readMethods(config.payment_methods, total.currency),
    gateway: {
      encryptionKey: config.encryption_key,
      nonceFormat: config.nonce_format,
      environment: config.environment,
    },
  };
}

export function notFound() {
  return new StoreError("NOT_FOUND");
}

export function gatewayNotAvailable() {
  return new StoreError("gateway_not_available");
}

/**
 * @param {string} [methods] A plugin before mobile money says nothing.
 * @param {string} [currency]
 */
function readMethods(methods = "card", currency) {
  return /** @type {Method[]} */ (methods.split(/\W+/)).filter(
    (method) => method === "card" || (method === "mobile_money" && currency === "RWF"),
  );
}

/**
 * @param {any} address
 * @returns {Address}
 */
function readAddress(address) {
  return {
    line1: address.streetAddress1,
    line2: address.streetAddress2,
    city: address.city,
    state: address.countryArea,
    postalCode: address.postalCode,
    country: address.country.code,
  };
}

/**
 * @param {any} order
 * @returns {Order}
 */
export function readOrder({ id, number, isPaid, total }) {
  return { id, number, isPaid, total: total.gross };
}

/**
 * @param {Answer} answer
 * @param {number} otherCardAt Of a step to the bank's page.
 * @returns {Step}
 */
export function readStep(answer, otherCardAt) {
  switch (answer.type) {
    case "pin":
    case "otp":
    case "avs":
      return {
        type: answer.type,
        error: answer.error,
        message: answer.message,
        attemptsLeft: answer.attempts_left,
      };
    case "redirect":
      return {
        type: "redirect",
        url: bankPage(answer.redirect_url),
        otherCardAt,
        network: answer.network,
      };
    case "wait":
      return { type: "wait", isLost: Boolean(answer.isLost) };
    case "approve_on_phone":
      return { type: "approve_on_phone", ...readApproval(answer) };
    case "order":
      return answer;
    default:
      throw new PaymentError(
        "unknown_next_action",
        "This payment needs a step that this shop does not know. Pay another way.",
      );
  }
}

/**
 * @param {import("./types.js").Confirmation} confirmation
 * @returns {import("./types.js").Approval}
 */
export function readApproval({ network = "", phone_last_digits: phoneLastDigits = "" }) {
  return { network, phoneLastDigits };
}

/**
 * Going to an address of another scheme ("javascript:") could run code in the page.
 *
 * @param {string} [url]
 */
function bankPage(url = "") {
  if (isWebAddress(url)) return url;
  throw new PaymentError("bank_page_not_safe", "That page is not safe. Pay another way.");
}

/** @param {string} url */
function isWebAddress(url) {
  try {
    return ["https:", "http:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}
