/** How a card's fields are written, what is wrong with them, and what they say. */

import { brandOf, brandsOf } from "./brands.js";
import { digitsOf, withoutSeparators } from "../checkout/digits.js";
import { readExpiry } from "./expiry.js";

/** @typedef {import("./fields.js").Problem} Problem */

/** Of the brands that DGS-Pay takes. */
const SHORTEST_NUMBER = 16;
const CVV_LENGTH = 3;

/**
 * Digits in groups of four, as on a card; anything else as it is.
 *
 * @param {string} typed
 */
export function formatNumber(typed) {
  return digitsOf(typed)?.replace(/(\d{4})(?=\d)/g, "$1 ") ?? typed;
}

/**
 * Digits without anything between them; anything else as it is.
 *
 * @param {string} typed
 */
export function formatDigits(typed) {
  return digitsOf(typed) ?? typed;
}

/**
 * A card that is not taken, as soon as its brand is clear.
 *
 * @param {string} typed
 * @param {string[]} taken The ids of brands.
 * @returns {Problem | undefined}
 */
export function brandProblem(typed, taken) {
  const brand = brandOf(digitsOf(typed) ?? "");
  if (!brand || taken.includes(brand.id ?? "")) return undefined;
  return { key: "brand_not_taken", values: { brand: brand.name, brands: namesOf(taken) } };
}

/**
 * @param {string} typed
 * @param {string[]} taken
 * @returns {Problem | undefined}
 */
export function numberProblem(typed, taken) {
  const digits = digitsOf(typed);
  if (digits === null) return { key: "digits_only" };
  const brand = brandOf(digits);
  const notTaken = brandProblem(typed, taken);
  if (notTaken) return notTaken;
  if (digits.length < SHORTEST_NUMBER) return { key: "number_incomplete" };
  if (!brand?.lengths) return { key: "number_wrong" };
  if (!brand.lengths.includes(digits.length)) return { key: "number_too_long" };
  return isCheckDigitRight(digits) ? undefined : { key: "number_wrong" };
}

/**
 * @param {string} typed
 * @returns {Problem | undefined}
 */
export function expiryProblem(typed) {
  const expiry = readExpiry(typed);
  return "key" in expiry ? expiry : undefined;
}

/**
 * Visa and Mastercard have three digits, the others more or none.
 *
 * @param {string} typed
 * @returns {Problem | undefined}
 */
export function cvvProblem(typed) {
  const digits = digitsOf(typed);
  if (digits === null) return { key: "digits_only" };
  return digits.length === CVV_LENGTH ? undefined : digitsNeeded(CVV_LENGTH);
}

/**
 * Four to twelve digits (ISO 9564).
 *
 * @param {string} typed
 * @returns {Problem | undefined}
 */
export function pinProblem(typed) {
  return /^\d{4,12}$/.test(digitsOf(typed) ?? "") ? undefined : digitsNeeded("4–12");
}

/**
 * As the plugin takes it (dgspay_plugin/payment/card_data.py).
 *
 * @param {string} typed
 * @returns {Problem | undefined}
 */
export function otpProblem(typed) {
  return /^[0-9A-Za-z]{4,10}$/.test(withoutSeparators(typed)) ? undefined : digitsNeeded("4–10");
}

/**
 * @param {{ number: string, expiry: string, cvv: string }} typed Without problems.
 * @returns {import("../encrypt.js").Card}
 */
export function readCard({ number, expiry, cvv }) {
  const { month, year } = /** @type {import("./expiry.js").Expiry} */ (readExpiry(expiry));
  return {
    number: withoutSeparators(number),
    expiryMonth: month,
    expiryYear: year,
    cvv: withoutSeparators(cvv),
  };
}

/**
 * @param {string | number} count
 * @returns {Problem}
 */
function digitsNeeded(count) {
  return { key: "digits_needed", values: { count } };
}

/** @param {string[]} ids */
function namesOf(ids) {
  return brandsOf(ids)
    .map(({ name }) => name)
    .join(", ");
}

/**
 * By Luhn's formula (ISO/IEC 7812-1, annex B): every second digit from the right counts
 * twice, with its own digits summed.
 *
 * @param {string} digits
 */
function isCheckDigitRight(digits) {
  const sum = [...digits].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (1 + (index % 2));
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
