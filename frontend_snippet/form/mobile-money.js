/** Paying by mobile money, and the choice between it and a card: for shops that take it. */

import {
  NETWORKS,
  formatMobileNumber,
  nationalNumber,
  networkOf,
} from "../checkout/mobile-numbers.js";
import { lastMethod, rememberMethod } from "./last-method.js";
import { radioGroup } from "./radio-group.js";

export { nationalNumber };

/** @typedef {import("./fields.js").Field} Field */

/**
 * @param {string} known The billing address's phone number.
 * @returns {Field[]}
 */
export function mobileMoneyFields(known) {
  return [
    {
      name: "phone",
      autocomplete: "tel",
      inputmode: "tel",
      value: nationalNumber(known) ? formatMobileNumber(known) : "",
      finish: formatMobileNumber,
      suggests: (typed) => ["network", networkOf(typed)],
      problem: (typed) => (nationalNumber(typed) ? undefined : { key: "invalid_mobile_number" }),
    },
    {
      name: "network",
      radios: radioGroup,
      value: networkOf(known),
      choices: NETWORKS.map((name) => ({ code: name, name })),
    },
  ];
}

/**
 * One choice for all of how it is paid, and the fields of each.
 *
 * @param {Record<string, Field[]>} fields By method.
 * @param {import("./messages.js").Translator} translate
 * @returns {Field[]}
 */
export function fieldsOfEither(fields, translate) {
  const methods = /** @type {import("../checkout/types.js").Method[]} */ (Object.keys(fields));
  return [
    {
      name: "method",
      radios: radioGroup,
      value: methods.find((method) => method === lastMethod()) ?? methods[0],
      choices: methods.map((code) => ({ code, name: translate.text(code) })),
      onTyped: rememberMethod,
    },
    ...methods.flatMap((method) =>
      (fields[method] ?? []).map((field) => ({
        ...field,
        beside: /** @type {[string, string]} */ (["method", method]),
      })),
    ),
  ];
}
