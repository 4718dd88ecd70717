/** The fields of each form: what the browser may fill in, and when a value will do. */

import { brandOf } from "./brands.js";
import {
  brandProblem,
  cvvProblem,
  expiryProblem,
  formatDigits,
  formatNumber,
  numberProblem,
  otpProblem,
  pinProblem,
} from "./card-fields.js";
import { digitsOf } from "../checkout/digits.js";
import { formatExpiry, formatWhileTyped } from "./expiry.js";

/** @typedef {Record<string, string>} Values By the fields' names. */
/** @typedef {import("./messages.js").MessageKey} MessageKey */

/**
 * What is wrong with a value, as a sentence and what is filled into it.
 *
 * @typedef {{ key: MessageKey, values?: Record<string, string | number> }} Problem
 */

/**
 * @typedef {object} Field
 * @property {MessageKey} name Also the key of its label.
 * @property {string} [autocomplete] A token of HTML
 * @property {"numeric" | "tel"} [inputmode]
 * @property {boolean} [isNarrow] Two of them share a line, where there is room.
 * @property {boolean} [isSecret] Neither shown nor spoken.
 * @property {boolean} [isOptional]
 * @property {MessageKey} [placeholder]
 * @property {string} [value] To begin with.
 * @property {{ code: string, name: string }[]} [choices]
 * @property {typeof import("./radio-group.js").radioGroup} [radios] Shows all of the choices.
 * @property {[string, string]} [beside] It is there only beside this choice in another
 *   field: its name and its value.
 * @property {(typed: string) => [string, string | undefined]} [suggests] What the value
 *   makes likely in another field: its name, and a value if one is likely.
 * @property {(typed: string) => void} [onTyped]
 * @property {string[]} [brands] Ids of those whose signs stand at the field.
 * @property {(typed: string) => string | undefined} [brandOf] The one to point at.
 * @property {(typed: string) => string} [format] Applied while it is typed.
 * @property {(typed: string) => string} [finish] Applied when the field is left; `format`
 *   unless given.
 * @property {(typed: string) => Problem | undefined} [earlyProblem] Told while it is typed.
 * @property {(typed: string) => Problem | undefined} [problem] Of what is not empty.
 */

/**
 * @param {string[]} brands The ids of those that are taken.
 * @returns {Field[]}
 */
export function cardFields(brands) {
  return [
    {
      name: "number",
      autocomplete: "cc-number",
      inputmode: "numeric",
      brands,
      brandOf: (typed) => brandOf(digitsOf(typed) ?? "")?.id,
      format: formatNumber,
      earlyProblem: (typed) => brandProblem(typed, brands),
      problem: (typed) => numberProblem(typed, brands),
    },
    {
      name: "expiry",
      autocomplete: "cc-exp",
      inputmode: "numeric",
      isNarrow: true,
      placeholder: "expiry_format",
      format: formatWhileTyped,
      finish: formatExpiry,
      problem: expiryProblem,
    },
    {
      name: "cvv",
      autocomplete: "cc-csc",
      inputmode: "numeric",
      isNarrow: true,
      isSecret: true,
      format: formatDigits,
      problem: cvvProblem,
    },
  ];
}

/** @type {Field[]} */
export const PIN_FIELDS = [
  {
    name: "pin",
    // No browser offers to keep a one-time code, as it would another password.
    autocomplete: "one-time-code",
    inputmode: "numeric",
    isSecret: true,
    format: formatDigits,
    problem: pinProblem,
  },
];

/** @type {Field[]} */
export const OTP_FIELDS = [
  { name: "otp", autocomplete: "one-time-code", inputmode: "numeric", problem: otpProblem },
];

/**
 * @param {import("../checkout/types.js").Address | null} known The billing address.
 * @param {string} language
 * @param {{ code: string, name: string }[]} [countries] Where their list cannot be had, the
 *   known one alone: most cards have it.
 * @returns {Field[]}
 */
export function addressFields(known, language, countries) {
  const isOptional = true;
  const code = known?.country ?? "RW";
  // Intl gives the code itself where it has no name.
  const name = /** @type {string} */ (new Intl.DisplayNames(language, { type: "region" }).of(code));
  return [
    { name: "line1", autocomplete: "address-line1", value: known?.line1 },
    { name: "line2", autocomplete: "address-line2", value: known?.line2, isOptional },
    { name: "city", autocomplete: "address-level2", value: known?.city, isOptional },
    { name: "postal_code", autocomplete: "postal-code", value: known?.postalCode, isOptional },
    { name: "state", autocomplete: "address-level1", value: known?.state, isOptional },
    {
      name: "country",
      autocomplete: "country",
      value: code,
      choices: countries ?? [{ code, name }],
    },
  ];
}
