/** Which of Saleor's APIs a payment goes by, and what it costs to find out. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { StoreError } from "../saleor-checkout.js";
import { checkoutAt } from "./customer.js";
import {
  CARD,
  FakeShop,
  MemoryStorage,
  ORDER_STEP,
  SHOP_PAGE,
  asks,
  lost,
  paid,
} from "./fake-shop.js";

const OTP = asks({ type: "otp" });

describe("the API", () => {
  it("is transactions where the shop offers DGS-Pay there, asked for at once", async () => {
    const shop = new FakeShop("transactions", paid());
    let underWay = 0;
    let atOnce = 0;
    const { execute } = shop;
    shop.execute = async (...request) => {
      underWay += 1;
      atOnce = Math.max(atOnce, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return execute(...request);
    };
    const checkout = checkoutAt(shop);

    await checkout.load();
    assert.deepEqual(shop.operations.toSorted(), [
      "Checkout",
      "InitializeGateway",
      "WhatIsMissing",
    ]);
    assert.equal(atOnce, 3);

    await checkout.load();
    assert.equal(shop.count("InitializeGateway"), 1);
    assert.equal(shop.count("Checkout"), 2);
  });

  it("is payments where the shop does not", async () => {
    const shop = new FakeShop("payments", paid());
    const checkout = checkoutAt(shop);

    await checkout.load();
    assert.equal(shop.operations.length, 4);
    await checkout.load();
    assert.equal(shop.operations.length, 6);

    await checkout.payWithCard(CARD);
    assert.equal(shop.count("CreatePayment"), 1);
  });

  it("is payments where Saleor does not know the document", async () => {
    const shop = new FakeShop("payments");
    const { execute } = shop;
    shop.execute = async (document, variables, options) => {
      if (/totalBalance|paymentGatewayInitialize/.test(document)) {
        throw new StoreError("request_refused", "Cannot query field");
      }
      return execute(document, variables, options);
    };

    assert.equal((await checkoutAt(shop).load()).total.amount, 12000);
  });

  it("is not guessed where the shop cannot be reached", async () => {
    const shop = new FakeShop("payments");
    shop.execute = () => Promise.reject(lost());

    await assert.rejects(checkoutAt(shop).load(), { name: "ConnectionError" });
    assert.deepEqual(shop.operations, []);
  });

  it("is transactions alone where the page wants them", async () => {
    const shop = new FakeShop("payments");

    await assert.rejects(checkoutAt(shop, { api: "transactions" }).load(), {
      code: "gateway_not_available",
    });
    assert.equal(shop.operations.length, 3);
  });

  it("is payments alone where the page wants them, by one request for it", async () => {
    const shop = new FakeShop("payments");

    await checkoutAt(shop, { api: "payments" }).load();

    assert.deepEqual(shop.operations, ["Checkout", "WhatIsMissing"]);
  });

  for (const [before, after] of /** @type {const} */ ([
    ["payments", "transactions"],
    ["transactions", "payments"],
  ])) {
    it(`stays ${before} for a payment that began so, whatever the page wants now`, async () => {
      const storage = new MemoryStorage();
      await checkoutAt(new FakeShop(before, OTP), { storage }).payWithCard(CARD);
      const shop = new FakeShop(before, OTP, paid());
      const checkout = checkoutAt(shop, { storage, api: after });

      assert.equal((await checkout.resume({ url: SHOP_PAGE }))?.type, "otp");
      assert.deepEqual(await checkout.answerOtp("123456"), ORDER_STEP);
    });
  }
});
