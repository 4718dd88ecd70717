import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, it } from "node:test";

import { DgsPayCheckout, withoutReturn } from "../saleor-checkout.js";
import {
  CHECKOUT_ID,
  FakeShop,
  MemoryStorage,
  ORDER,
  checkoutWith,
  confirmation,
  paid,
  refused,
} from "./fake-shop.js";

const CARD = { number: "4242424242424242", expiryMonth: "12", expiryYear: "2031", cvv: "123" };
const SHOP_PAGE = "https://shop.example/checkout";
const ORDER_STEP = {
  type: "order",
  order: { id: ORDER.id, number: "21", isPaid: true, total: { amount: 12000, currency: "RWF" } },
};
const WAIT = confirmation({ type: "wait", reference: "DGS-1", poll_after_ms: 1 });
const PIN = confirmation({ type: "pin", reference: "DGS-1" });

/**
 * @param {FakeShop} shop
 * @param {Partial<import("../saleor-checkout.js").CheckoutOptions>} [options]
 */
function checkoutAt(shop, options) {
  return new DgsPayCheckout({
    checkoutId: CHECKOUT_ID,
    execute: shop.execute,
    returnUrl: SHOP_PAGE,
    storage: new MemoryStorage(),
    ...options,
  });
}

/**
 * @param {import("node:test").TestContext} t
 * @returns {number[]} How long each pause would have been.
 */
function skipPauses(t) {
  /** @type {number[]} */
  const pauses = [];
  t.mock.method(
    globalThis,
    "setTimeout",
    (/** @type {() => void} */ wake, /** @type {number} */ ms) => {
      pauses.push(ms);
      setImmediate(wake);
    },
  );
  return pauses;
}

describe("a card", () => {
  it("is charged with the total that was shown, and becomes the order", async () => {
    const shop = new FakeShop(paid());

    const step = await checkoutAt(shop).payWithCard(CARD);

    assert.deepEqual(step, ORDER_STEP);
    assert.deepEqual(shop.payments, [
      { gateway: "dgspay.payments", amount: 12000, returnUrl: SHOP_PAGE },
    ]);
    assert.equal(shop.completed[0].type, "card");
    assert.match(shop.completed[0].card_nonce, /^[0-9a-f]{12}$/);
  });

  it("is encrypted with the nonce that the shop's configuration asks for", async () => {
    const shop = new FakeShop(paid());
    shop.checkout = checkoutWith({ nonce_format: "24" });

    await checkoutAt(shop).payWithCard(CARD);

    assert.match(shop.completed[0].card_nonce, /^[0-9a-f]{24}$/);
  });

  it("makes one payment however often Pay is pressed", async () => {
    const shop = new FakeShop(paid());
    const checkout = checkoutAt(shop);

    const presses = await Promise.allSettled([
      checkout.payWithCard(CARD),
      checkout.payWithCard(CARD),
    ]);

    assert.deepEqual(
      presses.map((press) => press.status),
      ["fulfilled", "rejected"],
    );
    assert.equal(shop.payments.length, 1);
  });

  it("is not sent when it is not a card", async () => {
    const shop = new FakeShop();
    await assert.rejects(checkoutAt(shop).payWithCard({ ...CARD, number: "42" }), {
      code: "invalid_number",
    });
    assert.deepEqual(shop.payments, []);
  });
});

describe("the steps", () => {
  it("ask for a PIN, then a one-time password, each with the payment's reference", async () => {
    const shop = new FakeShop(PIN, confirmation({ type: "otp", reference: "DGS-1" }), paid());
    const checkout = checkoutAt(shop);

    assert.equal((await checkout.payWithCard(CARD)).type, "pin");
    assert.equal((await checkout.answerPin("1234")).type, "otp");
    assert.deepEqual(await checkout.answerOtp(" 123456 "), ORDER_STEP);

    const [, pin, otp] = shop.completed;
    assert.equal(pin.type, "pin");
    assert.equal(pin.reference, "DGS-1");
    assert.deepEqual(otp, { type: "otp", auth_otp: "123456", reference: "DGS-1" });
  });

  it("ask once more after a wrong PIN, and say so", async () => {
    const wrong = { error: "incorrect_pin", message: "That PIN was not right. Try again." };
    const shop = new FakeShop(PIN, confirmation({ type: "pin", reference: "DGS-1", ...wrong }));
    const checkout = checkoutAt(shop);

    await checkout.payWithCard(CARD);

    assert.deepEqual(await checkout.answerPin("9999"), { type: "pin", ...wrong });
  });

  it("send an address without the lines that it does not have", async () => {
    const shop = new FakeShop(confirmation({ type: "avs", reference: "DGS-1" }), paid());
    const checkout = checkoutAt(shop);

    await checkout.payWithCard(CARD);
    await checkout.answerAddress({ line1: "KG 7 Ave", line2: "", city: "Kigali", country: "RW" });

    assert.deepEqual(shop.completed[1], {
      type: "avs",
      avs_line1: "KG 7 Ave",
      avs_city: "Kigali",
      avs_country: "RW",
      reference: "DGS-1",
    });
  });

  it("lead to the bank's page, and only to a web page", async () => {
    const redirectTo = (/** @type {string} */ url) =>
      new FakeShop(confirmation({ type: "redirect", reference: "DGS-1", redirect_url: url }));

    assert.deepEqual(await checkoutAt(redirectTo("https://bank.example/1")).payWithCard(CARD), {
      type: "redirect",
      url: "https://bank.example/1",
    });
    await assert.rejects(checkoutAt(redirectTo("javascript:alert(1)")).payWithCard(CARD), {
      code: "unknown_next_action",
    });
  });

  it("are refused when this version does not know them", async () => {
    const shop = new FakeShop(confirmation({ type: "fingerprint", reference: "DGS-1" }));
    await assert.rejects(checkoutAt(shop).payWithCard(CARD), { code: "unknown_next_action" });
  });
});

describe("waiting", () => {
  it("asks until the shop knows, and tells the caller once", async () => {
    const shop = new FakeShop(WAIT, WAIT, WAIT, paid());
    let told = 0;

    const step = await checkoutAt(shop).payWithCard(CARD, { onWaiting: () => (told += 1) });

    assert.deepEqual(step, ORDER_STEP);
    assert.equal(told, 1);
    assert.deepEqual(shop.completed.slice(1), Array(3).fill({ type: "wait", reference: "DGS-1" }));
  });

  it("asks less and less often, but four times a minute at least", async (t) => {
    const pauses = skipPauses(t);
    const wait = confirmation({ type: "wait", reference: null, poll_after_ms: 2000 });
    const shop = new FakeShop(...Array(7).fill(wait), paid());

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
    assert.deepEqual(pauses, [2000, 3000, 4500, 6750, 10125, 15000, 15000]);
  });

  it("ends when the patience does, with the payment still under way", async () => {
    const shop = new FakeShop(WAIT);
    const storage = new MemoryStorage();

    const step = await checkoutAt(shop, { storage, patienceMs: 0 }).payWithCard(CARD);

    assert.deepEqual(step, { type: "wait" });
    const later = checkoutAt(new FakeShop(paid()), { storage });
    assert.deepEqual(await later.resume({ url: SHOP_PAGE }), ORDER_STEP);
  });

  it("ends when it is aborted", async () => {
    const slow = confirmation({ type: "wait", reference: null, poll_after_ms: 60_000 });
    const controller = new AbortController();
    const step = checkoutAt(new FakeShop(slow)).payWithCard(CARD, { signal: controller.signal });

    setTimeout(() => controller.abort(), 20);

    await assert.rejects(step, { name: "AbortError" });
  });
});

it("is not in the way of the next call after it was aborted", async () => {
  const checkout = checkoutAt(new FakeShop(paid()));
  const controller = new AbortController();
  const aborted = checkout.load().then(() => checkout.findOrder({ signal: controller.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();

  assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
  await aborted;
});

describe("a lost connection", () => {
  const lost = new TypeError("fetch failed");

  it("while the card is charged is followed by asking how it stands", async (t) => {
    skipPauses(t);
    const shop = new FakeShop(lost, lost, paid());

    assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
    assert.equal(shop.payments.length, 1);
  });

  it("is told when the card never reached the shop", async (t) => {
    skipPauses(t);
    const wrongStep = refused("PAYMENT_ERROR", "This payment is not waiting. (wrong_step)");

    await assert.rejects(checkoutAt(new FakeShop(lost, wrongStep)).payWithCard(CARD), {
      name: "ConnectionError",
      code: "connection_lost",
    });
  });

  it("before the payment was made is told at once", async () => {
    const checkout = checkoutAt(new FakeShop(), { execute: () => Promise.reject(lost) });
    await assert.rejects(checkout.payWithCard(CARD), { name: "ConnectionError" });
  });
});

describe("a failure", () => {
  it("of the payment carries its sentence and its machine code", async () => {
    const shop = new FakeShop(
      refused("PAYMENT_ERROR", "Your card has expired. Use another card. (expired_card)"),
      paid(),
    );
    const checkout = checkoutAt(shop);

    await assert.rejects(checkout.payWithCard(CARD), {
      name: "PaymentError",
      code: "expired_card",
      message: "Your card has expired. Use another card.",
    });
    assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
    assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
    assert.equal(shop.payments.length, 2);
  });

  it("of Saleor carries Saleor's code", async () => {
    const shop = new FakeShop(refused("INSUFFICIENT_STOCK", "Not enough stock."));
    await assert.rejects(checkoutAt(shop).payWithCard(CARD), {
      name: "StoreError",
      code: "INSUFFICIENT_STOCK",
    });
  });

  it("for a changed total reads the total again before the next attempt", async () => {
    const shop = new FakeShop(paid());
    const checkout = checkoutAt(shop);
    shop.paymentErrors = [{ code: "PARTIAL_PAYMENT_NOT_ALLOWED", message: "Partial payments" }];
    await assert.rejects(checkout.payWithCard(CARD), { code: "PARTIAL_PAYMENT_NOT_ALLOWED" });

    shop.paymentErrors = [];
    shop.checkout.totalPrice.gross.amount = 15000;
    await checkout.payWithCard(CARD);

    assert.equal(shop.payments.at(-1).amount, 15000);
  });

  it("says that the shop takes no cards", async () => {
    const shop = new FakeShop();
    shop.checkout.availablePaymentGateways.pop();
    await assert.rejects(checkoutAt(shop).load(), { code: "gateway_not_available" });
  });
});

describe("a checkout that is an order already", () => {
  it("is not paid again", async () => {
    const shop = new FakeShop(paid());
    const checkout = checkoutAt(shop);
    await checkout.load();
    shop.paymentErrors = [{ code: "NOT_FOUND", message: "Couldn't resolve to a node" }];

    assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
    assert.equal(shop.completed[0].type, "wait");
  });

  it("is found when its page is opened again", async () => {
    const shop = new FakeShop(paid());
    shop.checkout = null;
    const checkout = checkoutAt(shop);

    await assert.rejects(checkout.load(), { code: "NOT_FOUND" });
    assert.deepEqual(await checkout.findOrder(), ORDER_STEP);
  });
});

describe("coming back", () => {
  const redirect = confirmation({
    type: "redirect",
    reference: "DGS-1",
    redirect_url: "https://bank.example/1",
  });
  const returnUrl = `${SHOP_PAGE}?checkout=${encodeURIComponent(CHECKOUT_ID)}&payment=1`;

  /** @param {object} step */
  async function leaveAt(step) {
    const storage = new MemoryStorage();
    await checkoutAt(new FakeShop(step), { storage, patienceMs: 0 }).payWithCard(CARD);
    return storage;
  }

  it("from the bank asks for the payment's status", async () => {
    const shop = new FakeShop(WAIT, paid());
    const checkout = checkoutAt(shop, { storage: await leaveAt(redirect) });

    assert.deepEqual(await checkout.resume({ url: returnUrl }), ORDER_STEP);
    assert.deepEqual(shop.completed[0], { type: "redirect", reference: "DGS-1" });
  });

  it("from the bank in another browser works all the same", async () => {
    const shop = new FakeShop(paid());
    assert.deepEqual(await checkoutAt(shop).resume({ url: returnUrl }), ORDER_STEP);
    assert.deepEqual(shop.completed, [{ type: "redirect" }]);
  });

  for (const [where, left] of /** @type {[string, object][]} */ ([
    ["the bank's page, unfinished", redirect],
    ["a page that asked for a PIN", PIN],
    ["a charge whose answer was not seen", WAIT],
  ])) {
    it(`from ${where}, asks how it stands and repeats the step`, async () => {
      const shop = new FakeShop(PIN);
      const checkout = checkoutAt(shop, { storage: await leaveAt(left) });

      assert.equal((await checkout.resume({ url: SHOP_PAGE }))?.type, "pin");
      assert.deepEqual(shop.completed, [{ type: "wait", reference: "DGS-1" }]);
    });
  }

  it("to a charge that never reached the shop starts afresh", async () => {
    const nothing = refused("PAYMENT_ERROR", "This payment is not waiting. (wrong_step)");
    const checkout = checkoutAt(new FakeShop(nothing), { storage: await leaveAt(WAIT) });

    assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
  });

  it("from the bank after another card was tried starts afresh", async () => {
    const nothing = refused("PAYMENT_ERROR", "This payment is not waiting. (wrong_step)");
    assert.equal(await checkoutAt(new FakeShop(nothing)).resume({ url: returnUrl }), null);
  });

  it("to a new checkout finds nothing under way", async () => {
    assert.equal(await checkoutAt(new FakeShop()).resume({ url: SHOP_PAGE }), null);
  });

  it("with another checkout's return address is not a return", async () => {
    const shop = new FakeShop();
    const url = `${SHOP_PAGE}?checkout=Q2hlY2tvdXQ6Mg%3D%3D&payment=1`;
    assert.equal(await checkoutAt(shop).resume({ url }), null);
  });

  it("remembers nothing that the customer typed", async () => {
    const storage = await leaveAt(PIN);
    assert.deepEqual(
      [...storage.items.values()].map((item) => JSON.parse(item)),
      [{ reference: "DGS-1" }],
    );
  });

  it("can be wiped from the address, so that a reload does not return again", async () => {
    const wiped = withoutReturn(`${returnUrl}#pay`);
    assert.equal(wiped, `${returnUrl.replace("&payment=1", "")}#pay`);
    assert.equal(await checkoutAt(new FakeShop()).resume({ url: wiped }), null);
  });
});

describe("Saleor over HTTP", () => {
  /** @type {{ status: number, body: string }} */
  let answer;
  /** @type {any} */
  let received;
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    received = JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.body);
  });
  after(() => server.close());

  /** @returns {Promise<DgsPayCheckout>} */
  async function checkoutOverHttp() {
    if (!server.listening) await new Promise((ready) => server.listen(0, () => ready(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    return new DgsPayCheckout({
      checkoutId: CHECKOUT_ID,
      graphqlUrl: `http://127.0.0.1:${port}/graphql/`,
    });
  }

  it("is asked with a query and its variables", async () => {
    answer = { status: 200, body: JSON.stringify({ data: { checkout: checkoutWith() } }) };

    const details = await (await checkoutOverHttp()).load();

    assert.deepEqual(received.variables, { id: CHECKOUT_ID });
    assert.match(received.query, /query DgsPayCheckout/);
    assert.deepEqual(details.total, { amount: 12000, currency: "RWF" });
    assert.equal(details.billingAddress?.line1, "KG 7 Ave");
  });

  for (const [why, status, body] of /** @type {[string, number, string][]} */ ([
    ["an error page", 502, "<html>Bad gateway</html>"],
    ["an internal error", 200, '{"errors":[{"message":"Internal Server Error"}],"data":{}}'],
  ])) {
    it(`answering with ${why} is a lost connection`, async () => {
      answer = { status, body };
      await assert.rejects((await checkoutOverHttp()).load(), { name: "ConnectionError" });
    });
  }

  it("answering that the document is wrong is not asked again", async () => {
    answer = { status: 400, body: '{"errors":[{"message":"Cannot query field"}]}' };
    await assert.rejects((await checkoutOverHttp()).findOrder(), { code: "request_refused" });
  });
});
