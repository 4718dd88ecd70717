/** Rwandan mobile numbers, in all the ways in which people write them. */

import { withoutSeparators } from "./digits.js";

/** The networks as DGS-Pay spells them. */
export const NETWORKS = ["MTN", "Airtel"];

/** What may stand before the national digits. */
const COUNTRY = "^(?:(?:[+＋]|00)?250)?0?";
const NUMBER = new RegExp(`${COUNTRY}(7\\d{8})$`);
const BEGINNINGS = [new RegExp(`${COUNTRY}7[89]`), new RegExp(`${COUNTRY}7[23]`)];

/**
 * The nine national digits: 0788 123 456, +250 788 123 456 and 00250 (0) 788 123 456 are
 * all 788123456.
 *
 * @param {string} typed
 * @returns {string | null} Null where it is no such number.
 */
export function nationalNumber(typed) {
  return compact(typed).match(NUMBER)?.[1] ?? null;
}

/**
 * As Rwandans write it; anything else as it is.
 *
 * @param {string} typed
 */
export function formatMobileNumber(typed) {
  return nationalNumber(typed)?.replace(/(...)(...)(...)/, "0$1 $2 $3") ?? typed;
}

/**
 * The network that numbers which begin like this one were given to. It may be another
 * one by now, so it is only a suggestion.
 *
 * @param {string} typed
 */
export function networkOf(typed) {
  return NETWORKS[BEGINNINGS.findIndex((beginning) => beginning.test(compact(typed)))];
}

/** @param {string} typed */
function compact(typed) {
  return withoutSeparators(typed).replace(/[()]/g, "");
}
