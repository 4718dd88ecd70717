/** All that a customer reads, in the language of the page. */

import { SAME_SENTENCE, codeOf } from "./failures.js";
import { LANGUAGES, sentencesIn } from "./languages.js";
import { localeOf } from "./locale.js";

/** @typedef {import("./languages.js").Sentences} Sentences */
/** @typedef {keyof Sentences} MessageKey */
/** @typedef {Partial<Sentences>} Texts */

/** How Rwanda writes its francs, which is not how Intl does. */
const RWANDAN_FRANC = "Frw";

export class Translator {
  #texts;

  /**
   * @param {string} language
   * @param {string} locale
   * @param {Texts} texts
   */
  constructor(language, locale, texts) {
    this.language = language;
    /** Region and all, for amounts: "fr-RW". */
    this.locale = locale;
    this.#texts = texts;
  }

  /**
   * @param {string} spelled However a page spells its locale: "fr-RW", "fr_RW",
   *   "fr-FR.UTF-8". English where its language is not known, or cannot be loaded.
   * @param {Texts} [ownTexts] The page's, in place of the form's.
   * @returns {Promise<Translator>}
   */
  static async of(spelled, ownTexts) {
    const { language, locale } = localeOf(spelled, LANGUAGES);
    const sentences = await sentencesIn(language);
    return sentences
      ? new Translator(language, locale, { ...sentences, ...ownTexts })
      : Translator.of("en", ownTexts);
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
