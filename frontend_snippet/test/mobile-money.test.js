/** Mobile money: how numbers are read, and the payment by either of Saleor's APIs. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  NETWORKS,
  formatMobileNumber,
  nationalNumber,
  networkOf,
} from "../checkout/mobile-numbers.js";
import { checkoutAt, skipPauses } from "./customer.js";
import {
  FakeShop,
  MemoryStorage,
  ORDER_STEP,
  Refusal,
  asks,
  fails,
  lost,
  paid,
} from "./fake-shop.js";

const APPROVE = asks({
  type: "approve_on_phone",
  network: "MTN",
  phone_last_digits: "456",
  poll_after_ms: 1,
});
const WALLET = /** @type {const} */ ({ network: "MTN", phone: "0788 123 456" });

describe("a mobile number", () => {
  for (const typed of [
    "788123456",
    "0788123456",
    "0788 123 456",
    "0788-123-456",
    "+250788123456",
    "+250 788 123 456",
    "00250 788 123 456",
    "250788123456",
    "+250 (0) 788 123 456",
    "٠٧٨٨١٢٣٤٥٦",
    "０７８８１２３４５６",
  ]) {
    it(`is read from ${typed}`, () => {
      assert.equal(nationalNumber(typed), "788123456");
      assert.equal(formatMobileNumber(typed), "0788 123 456");
      assert.equal(networkOf(typed), "MTN");
    });
  }

  for (const typed of ["", "0788", "252123456", "+254712345678", "4242424242424242", "hello"]) {
    it(`is not ${JSON.stringify(typed)}`, () => {
      assert.equal(nationalNumber(typed), null);
      assert.equal(formatMobileNumber(typed), typed);
    });
  }

  it("suggests its network by how it begins", () => {
    const suggested = ["078", "079", "072", "073", "077", ""].map(networkOf);
    assert.deepEqual(suggested, ["MTN", "MTN", "Airtel", "Airtel", undefined, undefined]);
    assert.deepEqual(NETWORKS, ["MTN", "Airtel"]);
  });
});

for (const api of /** @type {const} */ (["transactions", "payments"])) {
  describe(`mobile money by ${api}`, () => {
    /** @param {...(import("./fake-shop.js").PluginAnswer | Refusal | Error)} answers */
    const shopWith = (...answers) => new FakeShop(api, ...answers);

    it("is sent as DGS-Pay's fields, with nothing of a card", async () => {
      const shop = shopWith(paid());
      assert.deepEqual(await checkoutAt(shop).payWithMobileMoney(WALLET), ORDER_STEP);
      const { return_url: _, ...step } = shop.steps[0];
      assert.deepEqual(step, {
        type: "mobile_money",
        mobile_money_network: "MTN",
        // The plugin reads it, however it is written.
        mobile_money_phone: WALLET.phone,
      });
    });

    it("waits for the approval on the phone, and says on which", async (test) => {
      skipPauses(test);
      const shop = shopWith(APPROVE, APPROVE, paid());
      /** @type {unknown[]} */
      const told = [];
      let asked = 0;
      const step = await checkoutAt(shop).payWithMobileMoney(WALLET, {
        onWaiting: (state) => told.push(state),
        onAsked: () => (asked += 1),
      });
      assert.deepEqual(step, ORDER_STEP);
      const approval = { network: "MTN", phoneLastDigits: "456" };
      assert.deepEqual(told, [{ isLost: false, approval }]);
      assert.equal(asked, 2);
      assert.deepEqual(
        shop.steps.slice(1).map(({ type }) => type),
        ["wait", "wait"],
      );
    });

    it("is found again by a page that was reloaded", async (test) => {
      skipPauses(test);
      const shop = shopWith(APPROVE, APPROVE, paid());
      const storage = new MemoryStorage();
      const first = checkoutAt(shop, { storage, patienceMs: 0 });
      const waiting = await first.payWithMobileMoney(WALLET);
      assert.equal(waiting.type, "approve_on_phone");
      assert.deepEqual(await checkoutAt(shop, { storage }).resume(), ORDER_STEP);
    });

    it("is not lost with the connection", async (test) => {
      skipPauses(test);
      const shop = shopWith(APPROVE, lost(), paid());
      assert.deepEqual(await checkoutAt(shop).payWithMobileMoney(WALLET), ORDER_STEP);
    });

    it("can be paid anew after a failure", async (test) => {
      skipPauses(test);
      const refusal = fails("Rejected on your phone. (approval_rejected)");
      const shop = shopWith(APPROVE, refusal, paid());
      const checkout = checkoutAt(shop);
      await assert.rejects(checkout.payWithMobileMoney(WALLET), { code: "approval_rejected" });
      assert.deepEqual(await checkout.payWithMobileMoney(WALLET), ORDER_STEP);
    });

    it("needs no phone in the billing address", async () => {
      const shop = shopWith(paid());
      shop.checkout.billingAddress.phone = "";
      assert.deepEqual(await checkoutAt(shop).payWithMobileMoney(WALLET), ORDER_STEP);
    });

    it("is offered in francs where the shop takes it", async () => {
      const methods = async (/** @type {string} */ of, currency = "RWF") => {
        const shop = shopWith();
        shop.config = { ...shop.config, payment_methods: of };
        shop.checkout.totalPrice.gross.currency = currency;
        return (await checkoutAt(shop).load()).methods;
      };
      assert.deepEqual(await methods("card,mobile_money"), ["card", "mobile_money"]);
      assert.deepEqual(await methods("mobile_money"), ["mobile_money"]);
      assert.deepEqual(await methods("card,mobile_money", "USD"), ["card"]);
      assert.deepEqual((await checkoutAt(shopWith()).load()).methods, ["card"]);
    });
  });
}
