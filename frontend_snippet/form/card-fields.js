/** How a card's fields are written while they are typed, and when they are complete. */

// Module by module: a customer need not download what this form never asks for.
import { cardNumber } from "card-validator/dist/card-number.js";
import { cvv as securityCode } from "card-validator/dist/cvv.js";

const LONGEST_NUMBER = 19;

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
  const { card } = cardNumber(digitsOf(typed));
  const digits = digitsOf(typed).slice(0, card ? Math.max(...card.lengths) : LONGEST_NUMBER);
  const gaps = card?.gaps ?? [4, 8, 12];
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

/** @param {string} typed */
export function brandOf(typed) {
  const digits = digitsOf(typed);
  return digits ? (cardNumber(digits).card?.niceType ?? "") : "";
}

/**
 * Digits in the security code, which depend on the brand.
 *
 * @param {string} number
 */
export function cvvLength(number) {
  return cardNumber(digitsOf(number)).card?.code.size ?? 3;
}

/** @param {string} number */
export function isNumber(number) {
  return cardNumber(digitsOf(number)).isValid;
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
  return securityCode(cvv, cvvLength(number)).isValid;
}

/**
 * @param {{ number: string, expiry: string, cvv: string }} typed Valid ones.
 * @returns {import("../encrypt.js").Card}
 */
export function readCard({ number, expiry, cvv }) {
  const [expiryMonth = "", expiryYear = ""] = expiry.split("/");
  return { number, expiryMonth, expiryYear, cvv };
}
