/** All that a customer reads, in the language of the page. */

import { SAME_SENTENCE, codeOf } from "./failures.js";
import { localeOf } from "./locale.js";
import en from "./messages/en.js";
import fr from "./messages/fr.js";
import rw from "./messages/rw.js";

/** @typedef {keyof typeof en} MessageKey */
/** @typedef {Partial<Record<MessageKey, string>>} Texts */

/** @type {Record<string, Record<MessageKey, string>>} */
export const LANGUAGES = { en, fr, rw };

/** How Rwanda writes its francs, which is not how Intl does. */
const RWANDAN_FRANC = "Frw";

export class Translator {
  #texts;

  /**
   * @param {string} locale However a page spells it: "fr-RW", "fr_RW", "fr-FR.UTF-8".
   *   English where its language is not known.
   * @param {Texts} [ownTexts] The page's, in place of the form's.
   */
  constructor(locale, ownTexts) {
    const known = localeOf(locale, Object.keys(LANGUAGES));
    this.language = known.language;
    /** Region and all, for amounts: "fr-RW". */
    this.locale = known.locale;
    this.#texts = { ...LANGUAGES[this.language], ...ownTexts };
  }

  /**
   * @param {MessageKey} key
   * @param {Record<string, string | number>} [values] For the names in braces.
   */
  text(key, values = {}) {
    const template = this.#texts[key] ?? key;
    return template.replace(/\{(\w+)\}/g, (_, name) => `${values[name]}`);
  }

  /**
   * The sentence of a machine code, if it is a known one.
   *
   * @param {string} code
   */
  sentenceOf(code) {
    return this.#texts[/** @type {MessageKey} */ (SAME_SENTENCE[code] ?? code)];
  }

  /**
   * What went wrong, in the customer's language. A code that only a newer plugin has
   * comes with a sentence in English.
   *
   * @param {unknown} error
   */
  failure(error) {
    const sentence = this.sentenceOf(codeOf(error));
    if (sentence) return sentence;
    const isForCustomer = error instanceof Error && error.name === "PaymentError";
    return isForCustomer && this.language === "en" ? error.message : this.text("unknown");
  }

  /**
   * In Kinyarwanda numbers are grouped as in Rwanda's English, where Intl puts a dot that
   * a Rwandan reads as the beginning of cents.
   *
   * @param {import("../checkout/types.js").Money} money
   */
  amount({ amount, currency }) {
    const locale = this.language === "rw" ? "en-RW" : this.locale;
    if (currency === "RWF") {
      return `${new Intl.NumberFormat(locale).format(amount)}\u00a0${RWANDAN_FRANC}`;
    }
    return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount);
  }
}
