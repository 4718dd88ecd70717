/** Every machine code has its sentences, and something happens next. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";

import { PaymentError, StoreError } from "../checkout/errors.js";
import { SAME_SENTENCE, codeOf, codes, nextAfter } from "../form/failures.js";
import { LANGUAGES as KNOWN, sentencesIn } from "../form/languages.js";
import { Translator } from "../form/messages.js";

const PLUGIN = new URL("../../dgspay_plugin/payment/refusal.py", import.meta.url);
/** @type {Record<string, import("../form/languages.js").Sentences>} */
const LANGUAGES = {};
for (const language of KNOWN) {
  const sentences = await sentencesIn(language);
  if (sentences) LANGUAGES[language] = sentences;
}

/** What only staff read, at an order in the dashboard. */
const FOR_STAFF = [
  "refund_in_portal",
  "refund_noted",
  "refund_too_high",
  "void_not_possible",
  "capture_not_possible",
];
const PLUGIN_CODES = [
  ...readFileSync(PLUGIN, "utf8").matchAll(/^    [A-Z_]+ = \(\s*"([a-z_]+)",/gm),
]
  .map(([, code]) => code ?? "")
  .filter((code) => !FOR_STAFF.includes(code));

describe("a machine code", () => {
  it("is read from the plugin's own list", () => {
    assert.ok(PLUGIN_CODES.length > 20);
    assert.ok(PLUGIN_CODES.includes("insufficient_funds"));
  });

  for (const code of PLUGIN_CODES) {
    it(`of the plugin is in the table: ${code}`, () => assert.ok(nextAfter(code), code));
  }

  it("is there once", () => assert.equal(new Set(codes()).size, codes().length));

  for (const [language, messages] of Object.entries(LANGUAGES)) {
    it(`has a sentence in ${language}, its own or that of a code named beside it`, () => {
      const own = codes().filter((code) => !SAME_SENTENCE[code]);
      const sentences = own.map((code) => messages[/** @type {"declined"} */ (code)]);
      for (const [index, sentence] of sentences.entries()) assert.ok(sentence, own[index]);
      assert.equal(new Set(sentences).size, sentences.length);
      for (const code of Object.values(SAME_SENTENCE)) assert.ok(own.includes(code ?? ""), code);
    });
  }

  it("of Saleor's is one of the table's", () => {
    const { size } = new Set(codes());
    for (const code of ["INSUFFICIENT_STOCK", "NOT_FOUND", "SHIPPING_METHOD_NOT_SET"]) {
      assert.ok(nextAfter(codeOf(new StoreError(code, ""))), code);
    }
    assert.equal(size, codes().length);
  });

  it("that money has moved with, the steps and the table know alike", () => {
    for (const code of codes()) {
      const { mayBeCharged } = new PaymentError(code, "");
      assert.equal(mayBeCharged, nextAfter(code) === "charged", code);
    }
  });

  it("that nobody knows is told by the plugin's sentence, or as something unknown", async () => {
    const english = await Translator.of("en");
    const french = await Translator.of("fr");
    const error = new PaymentError("from_the_future", "A newer sentence.");
    assert.equal(nextAfter(codeOf(error)), undefined);
    assert.equal(english.failure(error), "A newer sentence.");
    assert.match(french.failure(error), /Vérifiez/);
    assert.match(english.failure(new StoreError("ODD", "For programs.")), /Check how/);
  });
});

describe("a sentence", () => {
  it("is there in all languages, with the same values", () => {
    const namesIn = (/** @type {string} */ text) =>
      [...text.matchAll(/\{\w+\}/g)].join().split(",").toSorted();
    for (const [language, messages] of Object.entries(LANGUAGES)) {
      assert.deepEqual(Object.keys(messages), Object.keys(LANGUAGES.en ?? {}), language);
      for (const [key, text] of Object.entries(messages)) {
        const english = LANGUAGES.en?.[/** @type {"declined"} */ (key)] ?? "";
        assert.deepEqual(namesIn(text), namesIn(english), `${language} ${key}`);
      }
    }
  });

  it("never says that nothing was charged where money may have moved", () => {
    const notCharged = /not (been )?charged|pas été débit|Ntabwo wishyujwe|ntiyishyujwe/;
    for (const messages of Object.values(LANGUAGES)) {
      for (const code of [...codes("charged"), "unknown", "lost_text", "stalled_text"]) {
        const sentence = messages[/** @type {"unknown"} */ (SAME_SENTENCE[code] ?? code)];
        assert.doesNotMatch(sentence, notCharged, code);
      }
    }
  });

  it("is used somewhere, or a code's", () => {
    const folder = new URL("../form/", import.meta.url);
    const sources = readdirSync(folder)
      .filter((file) => file.endsWith(".js"))
      .map((file) => readFileSync(new URL(file, folder), "utf8"))
      .join("\n");
    for (const key of Object.keys(LANGUAGES.en ?? {})) {
      assert.ok(sources.includes(`"${key}"`) || codes().includes(key), key);
    }
  });

  it("is the page's own where it has one", async () => {
    const translate = await Translator.of("fr", { card: "Ma carte" });
    assert.equal(translate.text("card"), "Ma carte");
    assert.equal(translate.text("confirm"), "Confirmer");
  });
});

describe("a locale", () => {
  for (const [spelled, language, locale] of /** @type {[string, string, string][]} */ ([
    ["en-US@posix", "en", "en-US"],
    ["fr-FR.UTF-8", "fr", "fr-FR"],
    ["fr-", "fr", "fr"],
    ["fr_RW", "fr", "fr-RW"],
    ["rw", "rw", "rw"],
    ["RW-rw", "rw", "RW-rw"],
    ["de-DE", "en", "en"],
    ["", "en", "en"],
    ["C", "en", "en"],
    ["fr-$$$", "fr", "fr"],
  ])) {
    it(`spelled ${JSON.stringify(spelled)} is ${locale}`, async () => {
      const translate = await Translator.of(spelled);
      assert.deepEqual([translate.language, translate.locale], [language, locale]);
      assert.ok(translate.amount({ amount: 12000, currency: "RWF" }));
    });
  }

  it("writes francs as Rwanda reads them", async () => {
    const francs = (/** @type {string} */ locale) =>
      written(locale, { amount: 12000, currency: "RWF" });
    assert.equal(await francs("en-GB"), "12,000 Frw");
    assert.equal(await francs("rw"), "12,000 Frw");
    assert.equal(await francs("fr-RW"), "12 000 Frw");
  });

  it("writes other money as the language does, and Kinyarwanda as Rwanda's English", async () => {
    const dollars = (/** @type {string} */ locale) =>
      written(locale, { amount: 1234.5, currency: "USD" });
    assert.match(await dollars("fr"), /1 234,50/);
    assert.match(await dollars("rw"), /1,234\.50/);
  });
});

/**
 * @param {string} locale
 * @param {import("../checkout/types.js").Money} money
 */
async function written(locale, money) {
  return (await Translator.of(locale)).amount(money).replace(/\s/gu, " ");
}
