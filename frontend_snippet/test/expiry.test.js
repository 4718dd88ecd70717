import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatExpiry, formatWhileTyped, readExpiry } from "../form/expiry.js";

/** Key by key, as the field formats while somebody types. @param {string} text */
const typed = (text) => [...text].reduce((field, key) => formatWhileTyped(field + key), "");

/** @param {string} text */
function read(text) {
  const expiry = readExpiry(text);
  return "key" in expiry ? expiry.key : `${expiry.month}/${expiry.year}`;
}

const NEXT_YEAR = new Date().getFullYear() + 1;
const YY = String(NEXT_YEAR).slice(2);

describe("a date on a card", () => {
  for (const [text, date] of /** @type {[string, string][]} */ ([
    [`12/${YY}`, `12/${NEXT_YEAR}`],
    [`12${YY}`, `12/${NEXT_YEAR}`],
    [`12${NEXT_YEAR}`, `12/${NEXT_YEAR}`],
    [`12 / ${NEXT_YEAR}`, `12/${NEXT_YEAR}`],
    [`12-${YY}`, `12/${NEXT_YEAR}`],
    [`12 ${YY}`, `12/${NEXT_YEAR}`],
    [`12.${YY}`, `12/${NEXT_YEAR}`],
    [`12–${YY}`, `12/${NEXT_YEAR}`],
    [` 12／${YY} `, `12/${NEXT_YEAR}`],
    [`9${YY}`, `9/${NEXT_YEAR}`],
    [`1/${YY}`, `1/${NEXT_YEAR}`],
    ["130", "1/2030"],
    ["2028-12", "12/2028"],
    ["2029/10", "10/2029"],
    ["203012", "12/2030"],
    ["2030-12", "12/2030"],
    ["2030-1", "1/2030"],
    ["١٢/٣٠", "12/2030"],
    ["۱۲۳۰", "12/2030"],
    ["１２／３０", "12/2030"],
    ["12\u200e/\u200e30", "12/2030"],
  ])) {
    it(`is read from ${JSON.stringify(text)}`, () => {
      assert.equal(read(text), date);
      assert.equal(read(typed(text)), date, "typed key by key");
      assert.equal(read(formatExpiry(text)), date, "once the field is left");
    });
  }

  for (const [text, problem] of /** @type {[string, string][]} */ ([
    ["", "expiry_incomplete"],
    ["1", "expiry_incomplete"],
    ["12", "expiry_incomplete"],
    ["12 / 3", "expiry_incomplete"],
    ["12 / 203", "expiry_incomplete"],
    ["111", "expiry_incomplete"],
    ["12345", "expiry_incomplete"],
    ["2030", "expiry_month"],
    ["31/12/2030", "expiry_incomplete"],
    ["2030-12-31", "expiry_incomplete"],
    ["12 / 1930", "expiry_past"],
    ["Dec 2030", "expiry_incomplete"],
    ["déc. 30", "expiry_incomplete"],
    ["13/30", "expiry_month"],
    ["1330", "expiry_month"],
    ["0030", "expiry_month"],
    ["2030-13", "expiry_month"],
    ["12 / 20", "expiry_past"],
    [`12 / ${NEXT_YEAR + 30}`, "expiry_incomplete"],
    ["12 / 99", "expiry_incomplete"],
  ])) {
    it(`is not guessed from ${JSON.stringify(text)}: ${problem}`, () => {
      assert.equal(read(text), problem);
      assert.match(read(typed(text)), /^expiry_/, "typed key by key");
    });
  }

  it("is good until the last day of its month", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: new Date(2030, 11, 31, 23, 59) });
    assert.equal(read("12/30"), "12/2030");
    t.mock.timers.setTime(new Date(2031, 0, 1).getTime());
    assert.equal(read("12/30"), "expiry_past");
  });
});

describe("the field", () => {
  for (const [text, shown] of /** @type {[string, string][]} */ ([
    ["1230", "12 / 30"],
    ["930", "09 / 30"],
    ["9/30", "09 / 30"],
    ["1/30", "01 / 30"],
    ["12 / 2030", "12 / 2030"],
    ["12-30", "12 / 30"],
    ["2030-12", "2030-12"],
    ["Dec 2030", "Dec 2030"],
    ["13/30", "13/30"],
    ["١٢٣٠", "12 / 30"],
  ])) {
    it(`shows ${shown} while ${text} is typed`, () => assert.equal(typed(text), shown));
  }

  it("writes all ways alike once it is left, and leaves what it cannot read", () => {
    for (const text of ["2030-12", "203012", " 12.30", "12 / 2030"]) {
      assert.equal(formatExpiry(text), "12 / 30", text);
    }
    for (const text of ["Dec 2030", "13 / 30", "2030"]) assert.equal(formatExpiry(text), text);
  });

  it("can be emptied by deleting", () => {
    let field = typed("1230");
    for (let deletions = 0; field; deletions += 1) {
      assert.ok(deletions < 8, field);
      field = formatWhileTyped(field.slice(0, -1));
    }
  });
});

describe("no text becomes a date that it does not say", () => {
  /** What may stand for a date, written out. @param {string} date */
  function spellings(date) {
    const [month = "", year = ""] = date.split("/");
    const between = "[\\s\\p{Z}\\p{Pd}/／.,:|]*";
    const twoDigits = `0?${month}`;
    const century = `(20)?${year.slice(2)}`;
    return new RegExp(
      `^${between}(${twoDigits}${between}${century}|${year}${between}${twoDigits})${between}$`,
      "u",
    );
  }

  // A generator with a seed (Numerical Recipes' constants): a text that fails fails again.
  let state = 20_261_125;
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const KEYS = [..."0011223344556789999//--  ..,:D٣۲３"];
  const PARTS = ["12", "1", "0", "13", "30", "28", "2028", "2030", "/", "-", " ", "20", "3", "99"];
  const asAscii = (/** @type {string} */ text) =>
    text.replaceAll("٣", "3").replaceAll("۲", "2").replaceAll("３", "3");

  /** @param {string} text */
  function check(text) {
    for (const shown of [text, typed(text), formatExpiry(typed(text)), formatExpiry(text)]) {
      const date = read(shown);
      if (date.startsWith("expiry_")) continue;
      assert.match(asAscii(text), spellings(date), `${text} -> ${shown} -> ${date}`);
    }
  }

  it("whatever is typed", () => {
    let dates = 0;
    for (let count = 0; count < 60_000; count += 1) {
      const alphabet = count % 2 ? KEYS : PARTS;
      let text = "";
      for (let length = random(9); length >= 0; length -= 1) {
        text += alphabet[random(alphabet.length)];
      }
      check(text);
      dates += Number(!read(typed(text)).startsWith("expiry_"));
    }
    assert.ok(dates > 500, `only ${dates} of the texts were dates`);
  });

  it("all digits up to six", () => {
    for (let length = 1; length <= 6; length += 1) {
      for (let number = 0; number < 10 ** length; number += length === 6 ? 7 : 1) {
        check(String(number).padStart(length, "0"));
      }
    }
  });
});
