import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  cvvProblem,
  formatNumber,
  numberProblem,
  otpProblem,
  pinProblem,
} from "../form/card-fields.js";
import { brandOf } from "../form/brands.js";
import { digitsOf, withAsciiDigits } from "../checkout/digits.js";
import BRANDS from "credit-card-type/dist/lib/card-types.js";

const TAKEN = ["visa", "mastercard"];
const VISA = "4242424242424242";

/** @param {string} number @param {string[]} [taken] */
const problemOf = (number, taken = TAKEN) => numberProblem(number, taken)?.key;

describe("a card's brand", () => {
  /** By credit-card-type's names. @type {Record<string, string>} */
  const NAMES = {
    visa: "Visa",
    mastercard: "Mastercard",
    "american-express": "American Express",
    "diners-club": "Diners Club",
    discover: "Discover",
    jcb: "JCB",
    mir: "Mir",
  };

  for (const [type, name] of Object.entries(NAMES)) {
    it(`is ${name} for each beginning that credit-card-type knows`, () => {
      const { patterns } = /** @type {any} */ (BRANDS)[type];
      for (const pattern of patterns) {
        const [from, to] = [pattern].flat().length === 2 ? pattern : [pattern, pattern];
        for (const end of [from, to]) assert.equal(brandOf(String(end))?.name, name, `${end}`);
      }
    });
  }

  it("is not Mastercard beside its ranges", () => {
    for (const beginning of ["2220", "2721", "50", "56"]) {
      assert.notEqual(brandOf(beginning)?.id, "mastercard", beginning);
    }
  });

  it("is refused by name as soon as it is clear", () => {
    for (const [beginning, name] of Object.entries({
      37: "American Express",
      36: "Diners Club",
      6011: "Discover",
      3528: "JCB",
      62: "UnionPay",
      6759: "Maestro",
      2200: "Mir",
    })) {
      assert.deepEqual(numberProblem(beginning, TAKEN), {
        key: "brand_not_taken",
        values: { brand: name, brands: "Visa, Mastercard" },
      });
    }
    for (const open of ["", "3", "6", "2", "22", "5", "4242"]) {
      assert.equal(problemOf(open), "number_incomplete", open);
    }
  });

  it("is one of those that the shop takes", () => {
    assert.equal(problemOf("5555555555554444", ["visa"]), "brand_not_taken");
    assert.equal(problemOf(VISA, ["visa"]), undefined);
  });
});

describe("a card's number", () => {
  for (const [typed, problem] of /** @type {[string, string | undefined][]} */ ([
    [VISA, undefined],
    [" 4242-4242 4242‑4242 ", undefined],
    ["٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", undefined],
    ["۴۲۴۲ ۴۲۴۲ ۴۲۴۲ ۴۲۴۲", undefined],
    ["４２４２４２４２４２４２４２４２", undefined],
    ["4242\u200b4242\u2060424242\ufeff42", undefined],
    ["5555555555554444", undefined],
    ["424242424242424", "number_incomplete"],
    [`${VISA}4`, "number_too_long"],
    ["4242424242424241", "number_wrong"],
    ["424242424242424l", "digits_only"],
    ["9999999999999999", "number_wrong"],
    ["", "number_incomplete"],
  ])) {
    it(`${JSON.stringify(typed)} has the problem ${problem}`, () => {
      assert.equal(problemOf(typed), problem);
      assert.equal(problemOf(formatNumber(typed)), problem, "as it is shown");
    });
  }

  it("is grouped by four, and never cut", () => {
    assert.equal(formatNumber("4242424242424242"), "4242 4242 4242 4242");
    assert.equal(formatNumber(`${VISA}4`), "4242 4242 4242 4242 4");
    assert.equal(formatNumber("4242x"), "4242x");
  });
});

describe("the codes", () => {
  it("of a card have three digits, in any script", () => {
    for (const cvv of ["123", " 1 2 3 ", "١٢٣", "１２３"]) assert.equal(cvvProblem(cvv), undefined);
    for (const cvv of ["12", "1234", ""]) assert.equal(cvvProblem(cvv)?.key, "digits_needed", cvv);
    assert.equal(cvvProblem("12a")?.key, "digits_only");
  });

  it("of a PIN have four to twelve digits", () => {
    for (const pin of ["1234", "123456789012", "۱۲۳۴"]) assert.equal(pinProblem(pin), undefined);
    for (const pin of ["123", "1234567890123", "12a4"]) {
      assert.equal(pinProblem(pin)?.key, "digits_needed", pin);
    }
  });

  it("of a bank are taken with what stands between their digits", () => {
    for (const otp of ["123456", "123 456", "123-456", "١٢٣٤٥٦", "AB12", "123\u2009456\u200f"]) {
      assert.equal(otpProblem(otp), undefined, otp);
    }
    for (const otp of ["123", "12345678901", "12345!"]) {
      assert.equal(otpProblem(otp)?.key, "digits_needed", otp);
    }
  });
});

it("knows the digits of every script that the platform writes", () => {
  for (const system of Intl.supportedValuesOf("numberingSystem")) {
    const format = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false });
    const written = format.format(9876543210);
    if (!/^\p{Nd}{10}$/u.test(written)) continue;
    assert.equal(withAsciiDigits(written), "9876543210", system);
    assert.equal(digitsOf(written), "9876543210", system);
  }
});
