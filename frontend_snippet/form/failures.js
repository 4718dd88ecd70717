/**
 * The one table of every machine code: what happens next. Its sentences are in
 * messages/, under the same names.
 */

import { MONEY_MAY_HAVE_MOVED } from "../checkout/errors.js";

/**
 * - `field`: the same field again; the code says which.
 * - `card`: another card or number, or the same one with other details.
 * - `again`: the same press once more; what was typed stays.
 * - `total`: the same press once more, with the total read anew.
 * - `wait`: an earlier payment has to be decided first.
 * - `mend`: the order lacks something, and no card helps.
 * - `closed`: a dead end, and nothing was charged.
 * - `charged`: a dead end, and money moved or may have. Nothing is paid, only asked.
 *
 * @typedef {"field" | "card" | "again" | "total" | "wait" | "mend" | "closed" | "charged"} Next
 */

/** @type {Record<Next, string[]>} */
const CODES = {
  field: [
    "incorrect_pin",
    "incorrect_otp",
    "invalid_cvv",
    "expired_card",
    "invalid_mobile_number",
    "invalid_network",
  ],
  card: [
    "insufficient_funds",
    "do_not_honor",
    "declined",
    "wallet_insufficient_funds",
    "wallet_not_found",
    "wallet_limit_reached",
    "approval_rejected",
    "approval_expired",
    "approved_too_late",
    "mobile_money_declined",
    "mobile_money_refused",
    "unknown_next_action",
    "bank_page_not_safe",
  ],
  again: [
    "provider_unavailable",
    "provider_refused",
    "wrong_step",
    "wrong_reference",
    "raw_card_data",
    "invalid_card_data",
    "invalid_mobile_money_data",
    "card_with_mobile_money",
    "reused_nonce",
    "taxes_unavailable",
    "connection_lost",
    "answer_lost",
    "busy",
  ],
  total: ["more_than_due", "nothing_to_pay"],
  wait: ["payment_in_doubt"],
  mend: [
    "email_needed",
    "name_needed",
    "phone_needed",
    "billing_address_needed",
    "billing_address_incomplete",
    "shipping_address_needed",
    "shipping_address_incomplete",
    "delivery_method_needed",
    "delivery_method_not_available",
    "out_of_stock",
    "not_for_sale",
    "nothing_in_order",
    "voucher_not_applicable",
    "gift_card_not_applicable",
  ],
  closed: [
    "amount_not_chargeable",
    "currency_not_supported",
    "mobile_money_currency_not_supported",
    "card_not_offered",
    "mobile_money_not_offered",
    "misconfigured",
    "gateway_not_available",
    "authorization_not_possible",
    "return_url_not_allowed",
    "channel_closed",
    "order_not_payable",
    "order_not_possible",
    "checkout_gone",
    "insecure_context",
  ],
  charged: MONEY_MAY_HAVE_MOVED,
};

/** Saleor's own codes, by the plugin's for the same. @type {Partial<Record<string, string>>} */
const SAME_AS = {
  BILLING_ADDRESS_NOT_SET: "billing_address_needed",
  CHANNEL_INACTIVE: "channel_closed",
  CHECKOUT_COMPLETION_IN_PROGRESS: "payment_in_doubt",
  CHECKOUT_NOT_FULLY_PAID: "more_than_due",
  DELIVERY_METHOD_NOT_APPLICABLE: "delivery_method_not_available",
  EMAIL_NOT_SET: "email_needed",
  GIFT_CARD_NOT_APPLICABLE: "gift_card_not_applicable",
  INSUFFICIENT_STOCK: "out_of_stock",
  INVALID_SHIPPING_METHOD: "delivery_method_not_available",
  NOT_FOUND: "checkout_gone",
  NO_LINES: "nothing_in_order",
  PARTIAL_PAYMENT_NOT_ALLOWED: "more_than_due",
  SHIPPING_ADDRESS_NOT_SET: "shipping_address_needed",
  SHIPPING_METHOD_NOT_APPLICABLE: "delivery_method_not_available",
  SHIPPING_METHOD_NOT_SET: "delivery_method_needed",
  TAX_ERROR: "taxes_unavailable",
  UNAVAILABLE_VARIANT_IN_CHANNEL: "not_for_sale",
  VOUCHER_NOT_APPLICABLE: "voucher_not_applicable",
};

/** Where the customer need not know the difference. @type {Partial<Record<string, string>>} */
export const SAME_SENTENCE = {
  wrong_reference: "wrong_step",
  raw_card_data: "invalid_card_data",
  reused_nonce: "invalid_card_data",
  invalid_mobile_money_data: "invalid_card_data",
  card_with_mobile_money: "invalid_card_data",
  invalid_network: "mobile_money_refused",
  billing_address_incomplete: "billing_address_needed",
  shipping_address_incomplete: "shipping_address_needed",
  taxes_unavailable: "provider_unavailable",
  do_not_honor: "declined",
  amount_not_chargeable: "misconfigured",
  gateway_not_available: "misconfigured",
  currency_not_supported: "misconfigured",
  mobile_money_currency_not_supported: "misconfigured",
  card_not_offered: "misconfigured",
  mobile_money_not_offered: "misconfigured",
  authorization_not_possible: "misconfigured",
  return_url_not_allowed: "misconfigured",
  paid_without_order: "order_not_placed",
};

/** What a code that this version does not know leads to: a charge is never risked. */
const UNKNOWN = "unknown";

/** The codes of one kind, or all of them. @param {Next} [next] @returns {string[]} */
export function codes(next) {
  return next ? CODES[next] : Object.values(CODES).flat();
}

/** @param {unknown} error */
export function codeOf(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : UNKNOWN;
  return SAME_AS[code] ?? code;
}

/**
 * @param {string} code
 * @returns {Next | undefined} Undefined of a code that this version does not know.
 */
export function nextAfter(code) {
  const found = Object.entries(CODES).find(([, codes]) => codes.includes(code));
  return /** @type {Next | undefined} */ (found?.[0]);
}
