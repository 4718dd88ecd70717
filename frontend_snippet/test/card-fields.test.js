import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { cardNumber } from "card-validator/dist/card-number.js";
import { cvv as securityCode } from "card-validator/dist/cvv.js";
import BRANDS from "credit-card-type/dist/lib/card-types.js";

import { brandOf, cvvLength, isCvv, isNumber } from "../form/card-fields.js";

/** Each end of each pattern, and its neighbours: "506099" and "506128" of Verve. */
const BEGINNINGS = Object.values(BRANDS).flatMap(({ patterns }) =>
  patterns.flat().flatMap((end) => [-1, 0, 1].map((step) => String(Number(end) + step))),
);

/** @param {string} beginning */
function* numbersFrom(beginning) {
  for (let length = beginning.length; length <= 19; length += 1) {
    for (const filler of ["0", "1", "7"]) yield beginning.padEnd(length, filler);
  }
}

describe("a card's number", () => {
  it("is of the brand that card-validator takes it for, and as valid", () => {
    for (const beginning of BEGINNINGS) {
      for (const number of numbersFrom(beginning)) {
        const { card, isValid } = cardNumber(number);
        assert.equal(brandOf(number)?.type, card?.type, number);
        assert.equal(isNumber(number), isValid, number);
      }
    }
  });

  it("is of no brand while it can be of several", () => {
    assert.equal(brandOf(""), undefined);
    assert.equal(brandOf("6"), undefined);
    assert.equal(isNumber("6"), false);
  });
});

it("has a security code as long as card-validator wants it", () => {
  for (const number of ["4242424242424242", "378282246310005", ""]) {
    for (const cvv of ["", "12", "123", "1234", "12345", "12a", "1 2"]) {
      const { isValid } = securityCode(cvv, cvvLength(number));
      assert.equal(isCvv(cvv, number), isValid, `${number} ${cvv}`);
    }
  }
});
