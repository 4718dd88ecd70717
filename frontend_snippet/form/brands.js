/** The brands of cards: by what their numbers begin with, as ISO/IEC 7812 hands it out. */

/**
 * @typedef {object} Brand
 * @property {string} name
 * @property {RegExp} beginning Of a number that can only be of this brand.
 * @property {string} [id] As the form's `brands` name it, if DGS-Pay takes such cards.
 * @property {number[]} [lengths] In digits.
 */

/** @type {Brand[]} The first one that fits counts. */
export const BRANDS = [
  { name: "Maestro", beginning: /^(493698|5(0[0-35]|04|[6-9])|6[37])/ },
  { name: "Visa", beginning: /^4/, id: "visa", lengths: [16, 18, 19] },
  {
    name: "Mastercard",
    beginning: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
    id: "mastercard",
    lengths: [16],
  },
  { name: "American Express", beginning: /^3[47]/ },
  { name: "Diners Club", beginning: /^3(0[0-5]|[689])/ },
  { name: "Discover", beginning: /^6(011|4[4-9]|5)/ },
  { name: "JCB", beginning: /^(2131|1800|35(2[89]|[3-8]))/ },
  { name: "UnionPay", beginning: /^(62|81)/ },
  { name: "Mir", beginning: /^220[0-4]/ },
];

/**
 * The one brand that a number can be of; undefined while it can be of several.
 *
 * @param {string} digits
 */
export function brandOf(digits) {
  return BRANDS.find(({ beginning }) => beginning.test(digits));
}

/**
 * @param {string[]} ids
 * @returns {Brand[]}
 */
export function brandsOf(ids) {
  return BRANDS.filter(({ id }) => id && ids.includes(id));
}
