/** What people type as digits: in any script, spaced, and with characters that nobody sees. */

/** Spaces, hyphens and dashes of all kinds, dots: what stands between groups of digits. */
const SEPARATORS = /[\s\p{Z}\p{Pd}.·]/gu;

/**
 * The same text with ASCII digits, and without what is invisible.
 *
 * @param {string} typed
 */
export function withAsciiDigits(typed) {
  return typed.replace(/\p{Cf}/gu, "").replace(/\p{Nd}/gu, asciiDigit);
}

/**
 * Unicode keeps the ten digits of a script together, zero first.
 *
 * @param {string} digit
 */
function asciiDigit(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // The mathematical digits are five such rows without a gap.
  return String((code - zero) % 10);
}

/**
 * Without what stands between groups of letters and digits.
 *
 * @param {string} typed
 */
export function withoutSeparators(typed) {
  return withAsciiDigits(typed).replace(SEPARATORS, "");
}

/**
 * The digits of a text that has nothing else in it; null where it has, as leaving it out
 * could make another value of it.
 *
 * @param {string} typed
 */
export function digitsOf(typed) {
  const compact = withoutSeparators(typed);
  return /^\d*$/.test(compact) ? compact : null;
}
