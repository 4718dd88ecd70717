/** What only the Payments API does. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { checkoutAt, skipPauses } from "./customer.js";
import {
  CARD,
  CHECKOUT_ID,
  FakeShop,
  NEVER_ARRIVED,
  ORDER_STEP,
  PIN,
  Refusal,
  SHOP_PAGE,
  asks,
  lost,
  paid,
} from "./fake-shop.js";

const PAYMENTS = { api: /** @type {const} */ ("payments") };

describe("a payment", () => {
  it("is made with the total that was shown", async () => {
    const shop = new FakeShop("payments", paid());

    await checkoutAt(shop, PAYMENTS).payWithCard(CARD);

    assert.deepEqual(shop.operations, [
      "Checkout",
      "WhatIsMissing",
      "CreatePayment",
      "CompleteCheckout",
    ]);
    assert.deepEqual(shop.variables[2], {
      id: CHECKOUT_ID,
      input: { gateway: "dgspay.payments", amount: 12000, returnUrl: SHOP_PAGE },
    });
  });

  it("carries its reference in each step", async () => {
    const shop = new FakeShop("payments", PIN, asks({ type: "otp" }), paid());
    const checkout = checkoutAt(shop, PAYMENTS);

    await checkout.payWithCard(CARD);
    await checkout.answerPin("1234");
    await checkout.answerOtp("123456");

    const references = shop.steps.map(({ reference }) => reference);
    assert.deepEqual(references, [undefined, "DGS-1", "DGS-1"]);
  });

  it("for a changed total is refused, and the total is read again", async () => {
    const shop = new FakeShop("payments", paid());
    const checkout = checkoutAt(shop, PAYMENTS);
    await checkout.load();
    shop.refusals = [new Refusal("PARTIAL_PAYMENT_NOT_ALLOWED")];
    shop.checkout.totalPrice.gross.amount = 15000;

    await assert.rejects(checkout.payWithCard(CARD), { code: "PARTIAL_PAYMENT_NOT_ALLOWED" });
    await checkout.payWithCard(CARD);

    assert.equal(shop.variables.at(-2).input.amount, 15000);
  });

  it("whose card never reached the shop is told to be lost", async (t) => {
    skipPauses(t);
    const checkout = checkoutAt(new FakeShop("payments", lost(), NEVER_ARRIVED), PAYMENTS);

    await assert.rejects(checkout.payWithCard(CARD), {
      name: "ConnectionError",
      code: "connection_lost",
    });
  });

  it("that is not known yet is asked for without its card", async (t) => {
    skipPauses(t);
    const shop = new FakeShop("payments", lost(), paid());

    assert.deepEqual(await checkoutAt(shop, PAYMENTS).payWithCard(CARD), ORDER_STEP);
    assert.deepEqual(shop.steps[1], { type: "wait" });
    assert.equal(shop.count("CreatePayment"), 1);
  });

  it("goes on after a step that DGS-Pay did not take", async () => {
    const notTaken = { fails: "DGS-Pay cannot be reached. (provider_unavailable)" };
    const shop = new FakeShop("payments", PIN, notTaken, paid());
    const checkout = checkoutAt(shop, PAYMENTS);
    await checkout.payWithCard(CARD);

    await assert.rejects(checkout.answerPin("1234"), { canAnswerAgain: true });

    assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
    assert.equal(shop.steps[2].reference, "DGS-1");
  });

  it("that the bank has not decided makes an order that is not paid", async () => {
    const shop = new FakeShop("payments", paid());
    shop.order.isPaid = false;

    assert.deepEqual(await checkoutAt(shop, PAYMENTS).payWithCard(CARD), {
      type: "order",
      order: { ...ORDER_STEP.order, isPaid: false },
    });
  });
});
