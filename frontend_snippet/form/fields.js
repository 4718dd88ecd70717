/** The fields of each form: what the browser may fill in, and when a value will do. */

import {
  brandOf,
  cvvLength,
  formatExpiry,
  formatNumber,
  isCvv,
  isExpiry,
  isNumber,
} from "./card-fields.js";
import { countries } from "./countries.js";

/** @typedef {Record<string, string>} Values By the fields' names. */
/** @typedef {import("./messages.js").MessageKey} MessageKey */
/** @typedef {import("./messages.js").Translator} Translator */

/**
 * @typedef {object} Field
 * @property {MessageKey} name Also the key of its label.
 * @property {string} autocomplete
 * @property {"numeric"} [inputmode]
 * @property {boolean} [isNarrow] Two of them share a line.
 * @property {boolean} [isSecret] Shown as dots.
 * @property {string} [placeholder]
 * @property {string} [value] To begin with.
 * @property {{ code: string, name: string }[]} [choices]
 * @property {(typed: string) => string} [format] Applied while it is typed.
 * @property {(typed: string) => string} [badge] Shown at the field's end.
 * @property {(values: Values, translate: Translator) => string | undefined} problem
 */

/** @type {Field[]} */
export const CARD_FIELDS = [
  {
    name: "number",
    autocomplete: "cc-number",
    inputmode: "numeric",
    format: formatNumber,
    badge: (typed) => brandOf(typed)?.niceType ?? "",
    problem: ({ number = "" }, translate) =>
      isNumber(number) ? undefined : translate.text("check"),
  },
  {
    name: "expiry",
    autocomplete: "cc-exp",
    inputmode: "numeric",
    isNarrow: true,
    placeholder: "MM / YY",
    format: formatExpiry,
    problem: ({ expiry = "" }, translate) =>
      isExpiry(expiry) ? undefined : translate.text("check"),
  },
  {
    name: "cvv",
    autocomplete: "cc-csc",
    inputmode: "numeric",
    isNarrow: true,
    isSecret: true,
    format: (typed) => typed.replace(/\D/g, "").slice(0, 4),
    problem: ({ cvv = "", number = "" }, translate) =>
      isCvv(cvv, number) ? undefined : translate.text("check_cvv", { digits: cvvLength(number) }),
  },
];

/** @type {Field[]} */
export const PIN_FIELDS = [
  {
    name: "pin",
    autocomplete: "off",
    inputmode: "numeric",
    isSecret: true,
    format: (typed) => typed.replace(/\D/g, "").slice(0, 12),
    problem: ({ pin = "" }, translate) => (pin.length >= 4 ? undefined : translate.text("check")),
  },
];

/** @type {Field[]} */
export const OTP_FIELDS = [
  {
    name: "otp",
    autocomplete: "one-time-code",
    inputmode: "numeric",
    problem: ({ otp = "" }, translate) =>
      /^\s*[0-9A-Za-z]{4,10}\s*$/.test(otp) ? undefined : translate.text("check"),
  },
];

/**
 * @param {import("../checkout/types.js").Address | null} known The billing address.
 * @param {string} language Of the countries' names.
 * @returns {Field[]}
 */
export function addressFields(known, language) {
  /** @type {Field["problem"]} */
  const optional = () => undefined;
  return [
    {
      name: "line1",
      autocomplete: "address-line1",
      value: known?.line1,
      problem: ({ line1 = "" }, translate) => (line1.trim() ? undefined : translate.text("check")),
    },
    {
      name: "city",
      autocomplete: "address-level2",
      value: known?.city,
      problem: optional,
    },
    {
      name: "postal_code",
      autocomplete: "postal-code",
      value: known?.postalCode,
      problem: optional,
    },
    { name: "state", autocomplete: "address-level1", value: known?.state, problem: optional },
    {
      name: "country",
      autocomplete: "country",
      value: known?.country ?? "RW",
      choices: countries(language),
      problem: optional,
    },
  ];
}
