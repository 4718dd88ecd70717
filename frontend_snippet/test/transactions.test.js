/** What only the Transactions API does. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { checkoutAt, skipPauses } from "./customer.js";
import {
  CARD,
  CHECKOUT_ID,
  FakeShop,
  MemoryStorage,
  NEVER_ARRIVED,
  ORDER_ID,
  ORDER_STEP,
  PIN,
  Refusal,
  SHOP_PAGE,
  TRANSACTION_ID,
  WAIT,
  asks,
  fails,
  lost,
  paid,
  pending,
} from "./fake-shop.js";

const BUSY = "CHECKOUT_COMPLETION_IN_PROGRESS";

/** @param {FakeShop} shop */
function initialized(shop) {
  return shop.variables.filter((_, index) => shop.operations[index] === "InitializeTransaction");
}

describe("a transaction", () => {
  it("is initialized with what was shown, and then the checkout completed", async () => {
    const shop = new FakeShop("transactions", paid());

    await checkoutAt(shop).payWithCard(CARD);

    const [{ gateway, idempotencyKey, ...variables }] = initialized(shop);
    assert.deepEqual(variables, { id: CHECKOUT_ID, amount: 12000 });
    assert.match(idempotencyKey, /^[0-9a-f-]{36}$/);
    assert.equal(gateway.id, "dgspay.payments");
    assert.equal(gateway.data.return_url, SHOP_PAGE);
    assert.deepEqual(shop.operations.slice(-2), ["InitializeTransaction", "CompleteCheckout"]);
    assert.deepEqual(shop.variables.at(-1), { id: CHECKOUT_ID });
  });

  it("is processed by its own id", async () => {
    const shop = new FakeShop("transactions", PIN, asks({ type: "otp" }), paid());
    const checkout = checkoutAt(shop);

    await checkout.payWithCard(CARD);
    await checkout.answerPin("1234");
    await checkout.answerOtp("123456");

    assert.deepEqual(shop.variables.at(-2), {
      id: TRANSACTION_ID,
      data: { type: "otp", auth_otp: "123456" },
    });
  });

  it("has a key of its own for each press", async () => {
    const shop = new FakeShop("transactions", fails("Declined. (declined)"), paid());
    const checkout = checkoutAt(shop);

    await assert.rejects(checkout.payWithCard(CARD), { code: "declined" });
    await checkout.payWithCard(CARD);

    const [first, second] = initialized(shop);
    assert.notEqual(first.idempotencyKey, second.idempotencyKey);
  });

  it("is initialized once more, key and card and all, when its answer was lost", async (t) => {
    skipPauses(t);
    const shop = new FakeShop("transactions", lost(), lost(), WAIT, paid());

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);

    const [first, ...others] = initialized(shop);
    assert.deepEqual(others, [first, first]);
    assert.equal(first.gateway.data.type, "card");
    assert.deepEqual(shop.steps[3], { type: "wait" });
  });

  it("whose answer was lost with the page is asked for by its key, without a card", async () => {
    const storage = new MemoryStorage();
    const left = new FakeShop("transactions", lost());
    await checkoutAt(left, { storage, patienceMs: 0 }).payWithCard(CARD);
    const shop = new FakeShop("transactions", PIN, paid());
    const checkout = checkoutAt(shop, { storage });

    assert.equal((await checkout.resume({ url: SHOP_PAGE }))?.type, "pin");
    assert.deepEqual(initialized(shop), [
      {
        ...initialized(left)[0],
        gateway: { id: "dgspay.payments", data: { type: "wait", return_url: SHOP_PAGE } },
      },
    ]);
    assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
  });

  it("that never reached the shop is forgotten", async () => {
    const storage = new MemoryStorage();
    const left = new FakeShop("transactions", lost());
    await checkoutAt(left, { storage, patienceMs: 0 }).payWithCard(CARD);

    const checkout = checkoutAt(new FakeShop("transactions", NEVER_ARRIVED), { storage });

    assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
    assert.equal(storage.items.size, 0);
  });

  it("that was refused asks again for the step, and says why", async () => {
    const refused = { error: "provider_unavailable", message: "Try again in a minute." };
    const checkout = checkoutAt(
      new FakeShop("transactions", asks({ type: "avs" }), asks({ type: "avs", ...refused })),
    );
    await checkout.payWithCard(CARD);

    const step = await checkout.answerAddress({ line1: "KG 7 Ave", country: "RW" });

    assert.deepEqual(step, { type: "avs", ...refused, attemptsLeft: undefined });
  });

  it("that failed without a machine code is an error of the store", async () => {
    const checkout = checkoutAt(new FakeShop("transactions", fails("The gateway is broken.")));
    await assert.rejects(checkout.payWithCard(CARD), {
      name: "StoreError",
      code: "CHARGE_FAILURE",
      message: "The gateway is broken.",
    });
  });

  it("that Saleor refuses does not complete the checkout", async () => {
    const shop = new FakeShop("transactions", new Refusal("NOT_FOUND", "App not found."));

    await assert.rejects(checkoutAt(shop).payWithCard(CARD), {
      name: "StoreError",
      code: "NOT_FOUND",
    });
    assert.equal(shop.count("CompleteCheckout"), 0);
  });

  it("that is pending makes an order that is not paid", async () => {
    const shop = new FakeShop("transactions", pending());
    shop.order.isPaid = false;

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), {
      type: "order",
      order: { ...ORDER_STEP.order, isPaid: false },
    });
  });

  it("waits while Saleor completes the checkout by itself", async (t) => {
    skipPauses(t);
    const busy = new Refusal(BUSY);
    const shop = new FakeShop("transactions", busy, PIN, busy, paid(), paid());
    shop.refusals = [busy];
    const checkout = checkoutAt(shop);

    assert.equal((await checkout.payWithCard(CARD)).type, "pin");
    assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
  });

  it("is not charged where the total has changed, and the total is read again", async () => {
    const shop = new FakeShop("transactions", paid());
    const checkout = checkoutAt(shop);
    await checkout.load();
    shop.checkout.totalBalance.amount = -15000;

    await assert.rejects(checkout.payWithCard(CARD), { code: "PARTIAL_PAYMENT_NOT_ALLOWED" });
    assert.deepEqual(initialized(shop), []);

    await checkout.payWithCard(CARD);
    assert.equal(initialized(shop)[0].amount, 15000);
  });
});

describe("a charged checkout", () => {
  it("is completed after the connection is back", async (t) => {
    skipPauses(t);
    const shop = new FakeShop("transactions", paid(), paid());
    const { execute } = shop;
    let isLost = false;
    shop.execute = async (document, variables, options) => {
      if (document.includes("checkoutComplete") && !isLost) {
        isLost = true;
        throw lost();
      }
      return execute(document, variables, options);
    };

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
    assert.equal(initialized(shop).length, 1);
  });

  it("that Saleor completes by itself at that moment has its order", async (t) => {
    skipPauses(t);
    const shop = new FakeShop("transactions", paid(), paid());
    shop.refusals = [new Refusal("NO_LINES")];

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
    assert.equal(initialized(shop).length, 1);
  });

  it("whose press was repeated when it was an order already has its order", async () => {
    const shop = new FakeShop("transactions", new Refusal("UNIQUE"));

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
  });

  it("whose order cannot be placed is not paid again, but completed later", async (t) => {
    skipPauses(t);
    const shop = new FakeShop("transactions", paid(), paid(), paid());
    const noStock = new Refusal("INSUFFICIENT_STOCK");
    shop.refusals = [noStock, noStock];
    const checkout = checkoutAt(shop);

    const failure = await checkout.payWithCard(CARD).catch((error) => error);
    assert.equal(failure.name, "PaymentError");
    assert.equal(failure.code, "order_not_placed");
    assert.equal(failure.cause.code, "INSUFFICIENT_STOCK");
    assert.deepEqual(await checkout.resume({ url: SHOP_PAGE }), ORDER_STEP);
  });

  it("whose total has grown meanwhile asks for the rest", async () => {
    const shop = new FakeShop("transactions", paid(), paid());
    shop.refusals = [new Refusal("CHECKOUT_NOT_FULLY_PAID")];
    const checkout = checkoutAt(shop);

    await assert.rejects(checkout.payWithCard(CARD), { code: "PARTIAL_PAYMENT_NOT_ALLOWED" });
    shop.checkout.totalBalance.amount = -3000;

    assert.deepEqual((await checkout.load()).total, { amount: 3000, currency: "RWF" });
    await checkout.payWithCard(CARD);
    assert.equal(initialized(shop)[1].amount, 3000);
  });

  it("that another page has left incomplete is completed", async (t) => {
    skipPauses(t);
    const shop = new FakeShop("transactions");
    shop.checkout.totalBalance.amount = 0;
    const checkout = checkoutAt(shop);

    const { isPaid, total } = await checkout.load();

    assert.deepEqual({ isPaid, total }, { isPaid: true, total: { amount: 0, currency: "RWF" } });
    const noStock = new Refusal("INSUFFICIENT_STOCK");
    shop.refusals = [noStock, noStock];
    await assert.rejects(checkout.findOrder(), { code: "order_not_placed" });
    assert.deepEqual(await checkout.findOrder(), ORDER_STEP);
  });

  it("is not one that costs nothing", async () => {
    const shop = new FakeShop("transactions");
    shop.checkout.totalPrice.gross.amount = 0;
    shop.checkout.totalBalance.amount = 0;

    assert.equal((await checkoutAt(shop).load()).isPaid, false);
  });
});

describe("an order", () => {
  /** @param {FakeShop} shop @param {object} [options] */
  const orderAt = (shop, options) =>
    checkoutAt(shop, { checkoutId: undefined, orderId: ORDER_ID, ...options });

  it("is paid by transactions, with nothing to complete", async () => {
    const shop = new FakeShop("transactions", paid());
    const checkout = orderAt(shop, { api: "payments" });

    assert.deepEqual((await checkout.load()).total, { amount: 12000, currency: "RWF" });
    assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
    assert.equal(initialized(shop)[0].id, ORDER_ID);
    assert.equal(shop.count("CompleteCheckout"), 0);
  });

  it("of which a part is paid is charged the rest", async () => {
    const shop = new FakeShop("transactions", paid());
    shop.order.totalBalance.amount = -2000.5;

    await orderAt(shop).payWithCard(CARD);

    assert.equal(initialized(shop)[0].amount, 2000.5);
  });

  it("that is paid already is found", async () => {
    const shop = new FakeShop("transactions");
    shop.order.totalBalance.amount = 0;
    const checkout = orderAt(shop);

    assert.equal((await checkout.load()).isPaid, true);
    assert.deepEqual(await checkout.findOrder(), ORDER_STEP);
    assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
    assert.deepEqual(initialized(shop), []);
  });

  it("is found when the bank sends the customer back for it", async () => {
    const url = `${SHOP_PAGE}?order=${encodeURIComponent(ORDER_ID)}&transaction=${TRANSACTION_ID}`;
    const shop = new FakeShop("transactions", paid());

    assert.deepEqual(await orderAt(shop).resume({ url }), ORDER_STEP);
    assert.deepEqual(shop.variables[0], { id: TRANSACTION_ID, data: { type: "redirect" } });
    assert.equal(await checkoutAt(new FakeShop("transactions")).resume({ url }), null);
  });

  it("cannot be paid where the shop offers no transactions", async () => {
    await assert.rejects(orderAt(new FakeShop("payments")).load(), {
      code: "gateway_not_available",
    });
  });

  it("that does not exist is not found", async () => {
    const shop = new FakeShop("transactions");
    shop.order = null;
    await assert.rejects(orderAt(shop).load(), { code: "NOT_FOUND" });
  });
});
