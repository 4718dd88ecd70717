/** All that a customer reads, by language. Failures are keyed by their machine code. */

import { PaymentError } from "../checkout/errors.js";
import en from "./messages/en.js";
import fr from "./messages/fr.js";
import rw from "./messages/rw.js";

/** @typedef {keyof typeof en} MessageKey */
/** @typedef {Partial<Record<string, string>>} Messages */

/** @type {Record<string, Messages>} */
const LANGUAGES = { en, fr, rw };

/**
 * What to tell a customer where several machine codes come to the same.
 *
 * @type {Partial<Record<string, string>>}
 */
const MESSAGE_OF = {
  connection_lost: "unreachable",
  provider_unavailable: "unreachable",
  provider_refused: "reload",
  wrong_step: "reload",
  wrong_reference: "reload",
  raw_card_data: "reload",
  reused_nonce: "reload",
  invalid_card_data: "reload",
  incorrect_pin: "incorrect",
  incorrect_otp: "incorrect",
  do_not_honor: "declined",
  unknown_next_action: "declined",
  phone_needed: "details_needed",
  email_needed: "details_needed",
  name_needed: "details_needed",
  payment_in_doubt: "in_doubt",
  already_paid: "in_doubt",
  CHECKOUT_COMPLETION_IN_PROGRESS: "in_doubt",
  gateway_not_available: "not_available",
  amount_not_chargeable: "not_available",
  currency_not_supported: "not_available",
  misconfigured: "not_available",
  authorization_not_possible: "not_available",
  return_url_not_allowed: "not_available",
  NOT_FOUND: "not_available",
  insecure_context: "not_available",
};

export class Translator {
  #messages;

  /** @param {string} locale BCP 47; English where its language is not known. */
  constructor(locale) {
    const [language = "en"] = locale.toLowerCase().split("-");
    this.language = language in LANGUAGES ? language : "en";
    /** Region and all, for amounts: "fr-RW". */
    this.locale = this.language === language ? locale : "en";
    this.#messages = /** @type {Messages} */ (LANGUAGES[this.language]);
  }

  /**
   * @param {MessageKey} key
   * @param {Record<string, string | number>} [values] For the names in braces.
   */
  text(key, values = {}) {
    const template = this.#messages[key] ?? key;
    return template.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`);
  }

  /**
   * What went wrong, in the customer's language; in English, the plugin's own sentence.
   *
   * @param {unknown} error
   */
  failure(error) {
    if (error instanceof PaymentError && this.language === "en") return error.message;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return this.#messages[MESSAGE_OF[code] ?? code] ?? this.text("unknown");
  }

  /** @param {import("../checkout/types.js").Money} money */
  amount({ amount, currency }) {
    return new Intl.NumberFormat(this.locale, { style: "currency", currency }).format(amount);
  }
}
