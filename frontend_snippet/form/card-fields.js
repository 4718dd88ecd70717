/** How a card's fields are written while they are typed, and when they are complete. */

// Module by module: a customer need not download what this form never asks for.
import luhn10 from "card-validator/dist/luhn-10.js";
import { addMatchingCardsToResults } from "credit-card-type/dist/lib/add-matching-cards-to-results.js";
import BRANDS from "credit-card-type/dist/lib/card-types.js";
import { findBestMatch } from "credit-card-type/dist/lib/find-best-match.js";

const LONGEST_NUMBER = 19;

// Of patterns that are as narrow as each other the first one counts: Maestro's are last.
const isMaestro = (/** @type {{ type: string }} */ { type }) => Number(type === "maestro");
const IN_ORDER = Object.values(BRANDS).sort((one, other) => isMaestro(one) - isMaestro(other));

/** @param {string} typed */
function digitsOf(typed) {
  return typed.replace(/\D/g, "");
}

/**
 * Digits in the groups that are printed on such a card.
 *
 * @param {string} typed
 */
export function formatNumber(typed) {
  const brand = brandOf(typed);
  const digits = digitsOf(typed).slice(0, brand ? Math.max(...brand.lengths) : LONGEST_NUMBER);
  const gaps = brand?.gaps ?? [4, 8, 12];
  return [...digits].map((digit, index) => (gaps.includes(index) ? ` ${digit}` : digit)).join("");
}

/**
 * "MM / YY", from digits alone or from a date that was pasted or filled in with a
 * separator and perhaps a long year. No separator stands at the end, where it would be
 * in the way of deleting.
 *
 * @param {string} typed
 */
export function formatExpiry(typed) {
  const separated = typed.match(/^\D*(\d\d?)\D+(\d{0,4})/);
  const together = digitsOf(typed).match(/^([2-9]|\d{0,2})(\d{0,4})/);
  const [, month = "", year = ""] = separated ?? together ?? [];
  const writtenMonth = separated || month > "1" ? month.padStart(2, "0") : month;
  const writtenYear = year.length === 4 ? year.slice(2) : year;
  return writtenYear ? `${writtenMonth} / ${writtenYear}` : writtenMonth;
}

/**
 * The one brand that a number can be of; undefined while it can be of several.
 *
 * @param {string} typed
 */
export function brandOf(typed) {
  /** @type {import("credit-card-type/dist/types.js").CreditCardType[]} */
  const possible = [];
  for (const brand of IN_ORDER) {
    addMatchingCardsToResults(digitsOf(typed), brand, possible);
  }
  return findBestMatch(possible) ?? (possible.length === 1 ? possible[0] : undefined);
}

/**
 * Digits in the security code, which depend on the brand.
 *
 * @param {string} number
 */
export function cvvLength(number) {
  return brandOf(number)?.code.size ?? 3;
}

/**
 * UnionPay has numbers without a check digit.
 *
 * @param {string} number
 */
export function isNumber(number) {
  const digits = digitsOf(number);
  const brand = brandOf(digits);
  return Boolean(
    brand?.lengths.includes(digits.length) && (brand.type === "unionpay" || luhn10(digits)),
  );
}

/**
 * A card is good until the last day of its month.
 *
 * @param {string} expiry As `formatExpiry` writes it.
 */
export function isExpiry(expiry) {
  const [, month, year] = expiry.match(/^(0[1-9]|1[0-2]) \/ (\d\d)$/) ?? [];
  const firstDayAfter = new Date(2000 + Number(year), Number(month));
  return firstDayAfter.getTime() > Date.now();
}

/**
 * @param {string} cvv
 * @param {string} number
 */
export function isCvv(cvv, number) {
  return /^\d+$/.test(cvv) && cvv.length === cvvLength(number);
}

/**
 * @param {{ number: string, expiry: string, cvv: string }} typed Valid ones.
 * @returns {import("../encrypt.js").Card}
 */
export function readCard({ number, expiry, cvv }) {
  const [expiryMonth = "", expiryYear = ""] = expiry.split("/");
  return { number, expiryMonth, expiryYear, cvv };
}
