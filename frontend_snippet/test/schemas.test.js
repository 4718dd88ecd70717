/** What the snippet makes is what docs/schemas have. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { encryptCard, encryptPin } from "../encrypt.js";
import { CARD, PIN, WAIT, asks } from "./fake-shop.js";
import { assertFits } from "./schemas.js";

const KEY = btoa("k".repeat(32));

describe("the schemas", () => {
  for (const nonceFormat of /** @type {const} */ (["12", "24"])) {
    it(`take what is encrypted with a nonce of ${nonceFormat}`, async () => {
      const card = await encryptCard(CARD, KEY, { nonceFormat });
      assertFits("payment-data", card);
      assertFits("initialize-data", { ...card, return_url: "https://shop.example/checkout" });
      assertFits("payment-data", await encryptPin("1234", KEY, { nonceFormat }));
    });
  }

  it("refuse a card that is not encrypted", () => {
    const card = { type: "card", card_number: CARD.number };
    assert.throws(() => assertFits("payment-data", card), /payment-data/);
  });

  it("take what the fake shop asks, and refuse what the plugin does not ask", () => {
    for (const { asks: question } of [PIN, WAIT]) assertFits("confirmation-data", question);
    const { asks: question } = asks({ type: "pin", attempts: 3 });
    assert.throws(() => assertFits("confirmation-data", question), /confirmation-data/);
  });
});
