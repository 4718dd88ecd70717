/** Reading the date on a card, however it is written. It is never guessed. */

import { withAsciiDigits } from "../checkout/digits.js";

/** No card is valid for longer. */
const YEARS_AHEAD = 20;

const BETWEEN = /[\s\p{Z}\p{Pd}/／⁄∕\\.,:|]+/u;
const MONTH_FIRST = new RegExp(`^(0?[1-9]|1[0-2])${BETWEEN.source}(\\d*)$`, "u");

/** @typedef {import("./fields.js").Problem} Problem */
/** @typedef {{ month: number, year: number }} Expiry The year with its century. */

/**
 * Month and year: 12/30, 1230, 12 2030; 930 is 9/30, and 130 is 1/30, as no month is
 * called 13. Year and month as in ISO 8601: 2030-12, 203012.
 *
 * @param {string} typed
 * @returns {Expiry | Problem}
 */
export function readExpiry(typed) {
  const parts = withAsciiDigits(typed).split(BETWEEN).filter(Boolean);
  if (parts.some((part) => /\D/.test(part))) return { key: "expiry_incomplete" };
  const [first = "", second = "", ...others] = parts.length === 1 ? split(parts[0]) : parts;
  if (others.length) return { key: "expiry_incomplete" };
  const isYearFirst = first.length === 4;
  const [month, year] = isYearFirst ? [second, first] : [first, second];
  if (!/^\d\d?$/.test(month) || !/^(\d\d)?\d\d$/.test(year)) return { key: "expiry_incomplete" };
  return judge({ month: Number(month), year: Number(year.padStart(4, "20")) });
}

/**
 * @param {string} [digits] Without anything between month and year.
 * @returns {string[]}
 */
function split(digits = "") {
  const [, month, year] =
    digits.match(/^(\d\d)((?:20)?\d\d)$/) ?? digits.match(/^([2-9]|1(?=[3-9]))(\d\d)$/) ?? [];
  const [, isoYear, isoMonth] = digits.match(/^(20\d\d)(0[1-9]|1[0-2])$/) ?? [];
  return isoYear && isoMonth ? [isoYear, isoMonth] : [month ?? digits, year ?? ""];
}

/**
 * A card is good until the last day of its month.
 *
 * @param {Expiry} expiry
 * @returns {Expiry | Problem}
 */
function judge({ month, year }) {
  if (month < 1 || month > 12) return { key: "expiry_month" };
  const firstDayAfter = new Date(year, month);
  if (firstDayAfter.getTime() <= Date.now()) return { key: "expiry_past" };
  if (year > new Date().getFullYear() + YEARS_AHEAD) return { key: "expiry_incomplete" };
  return { month, year };
}

/**
 * "MM / YY" while it is typed, as far as it can only mean that. No separator stands at
 * the end, where it would be in the way of deleting. All else stays as it is typed: it
 * may become a year and a month. So does a century, which more digits could follow.
 *
 * @param {string} typed
 */
export function formatWhileTyped(typed) {
  const plain = withAsciiDigits(typed);
  const [, month = "", year = ""] =
    plain.match(/^(0[1-9]|1[0-2]|[3-9])(\d*)$/) ?? plain.match(MONTH_FIRST) ?? [];
  return month ? write(month, year) : plain;
}

/**
 * "MM / YY" of what is complete, whatever way it was written.
 *
 * @param {string} typed
 */
export function formatExpiry(typed) {
  const expiry = readExpiry(typed);
  if ("key" in expiry) return formatWhileTyped(typed);
  return write(`${expiry.month}`, `${expiry.year}`.slice(2));
}

/**
 * @param {string} month
 * @param {string} year
 */
function write(month, year) {
  const written = month.padStart(2, "0");
  return year ? `${written} / ${year}` : written;
}
