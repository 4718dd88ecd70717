/** What holds whichever of Saleor's APIs the shop offers DGS-Pay by. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, it } from "node:test";

import { DgsPayCheckout, withoutReturn } from "../saleor-checkout.js";
import { checkoutAt, skipPauses } from "./customer.js";
import {
  CARD,
  CHECKOUT_ID,
  FakeShop,
  MemoryStorage,
  NEVER_ARRIVED,
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
} from "./fake-shop.js";

for (const api of /** @type {const} */ (["transactions", "payments"])) {
  /** @param {...(import("./fake-shop.js").PluginAnswer | Refusal | Error)} answers */
  const shopWith = (...answers) => new FakeShop(api, ...answers);
  const started = api === "transactions" ? "InitializeTransaction" : "CreatePayment";

  describe(`by ${api}`, () => {
    describe("a card", () => {
      it("is charged, and becomes the order", async () => {
        const shop = shopWith(paid());

        assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
        assert.equal(shop.steps[0].type, "card");
        assert.match(shop.steps[0].card_nonce, /^[0-9a-f]{12}$/);
      });

      it("is encrypted with the nonce that the shop's configuration asks for", async () => {
        const shop = shopWith(paid());
        shop.config = { ...shop.config, nonce_format: "24" };

        await checkoutAt(shop).payWithCard(CARD);

        assert.match(shop.steps[0].card_nonce, /^[0-9a-f]{24}$/);
      });

      it("makes one payment however often Pay is pressed", async () => {
        const shop = shopWith(paid());
        const checkout = checkoutAt(shop);

        const presses = await Promise.allSettled([
          checkout.payWithCard(CARD),
          checkout.payWithCard(CARD),
        ]);

        assert.deepEqual(
          presses.map((press) => press.status),
          ["fulfilled", "rejected"],
        );
        assert.equal(shop.count(started), 1);
      });

      it("is not sent when it is not a card", async () => {
        const shop = shopWith();
        await assert.rejects(checkoutAt(shop).payWithCard({ ...CARD, number: "42" }), {
          code: "invalid_number",
        });
        assert.equal(shop.count(started), 0);
      });
    });

    describe("the steps", () => {
      it("ask for a PIN, then a one-time password", async () => {
        const shop = shopWith(PIN, asks({ type: "otp" }), paid());
        const checkout = checkoutAt(shop);

        assert.equal((await checkout.payWithCard(CARD)).type, "pin");
        assert.equal((await checkout.answerPin("1234")).type, "otp");
        assert.deepEqual(await checkout.answerOtp(" 123456 "), ORDER_STEP);

        const [, pin, otp] = shop.steps;
        assert.equal(pin.type, "pin");
        assert.match(pin.auth_pin_nonce, /^[0-9a-f]{12}$/);
        assert.equal(otp.auth_otp, "123456");
      });

      it("ask once more after a wrong PIN, and say so", async () => {
        const wrong = { error: "incorrect_pin", message: "That PIN was not right. Try again." };
        const checkout = checkoutAt(shopWith(PIN, asks({ type: "pin", ...wrong })));

        await checkout.payWithCard(CARD);

        assert.deepEqual(await checkout.answerPin("9999"), { type: "pin", ...wrong });
      });

      it("send an address without the lines that it does not have", async () => {
        const shop = shopWith(asks({ type: "avs" }), paid());
        const checkout = checkoutAt(shop);

        await checkout.payWithCard(CARD);
        const address = { line1: "KG 7 Ave", line2: "", city: "Kigali", country: "RW" };
        await checkout.answerAddress(address);

        const { reference, ...sent } = JSON.parse(JSON.stringify(shop.steps[1]));
        assert.deepEqual(sent, {
          type: "avs",
          avs_line1: "KG 7 Ave",
          avs_city: "Kigali",
          avs_country: "RW",
        });
      });

      it("lead to the bank's page, and only to a web page", async () => {
        const redirectTo = (/** @type {string} */ url) =>
          checkoutAt(shopWith(asks({ type: "redirect", redirect_url: url }))).payWithCard(CARD);

        assert.deepEqual(await redirectTo("https://bank.example/1"), {
          type: "redirect",
          url: "https://bank.example/1",
        });
        await assert.rejects(redirectTo("javascript:alert(1)"), { code: "unknown_next_action" });
      });

      it("are refused when this version does not know them", async () => {
        const checkout = checkoutAt(shopWith(asks({ type: "fingerprint" })));
        await assert.rejects(checkout.payWithCard(CARD), { code: "unknown_next_action" });
      });

      it("go on in a browser that keeps nothing", async () => {
        const checkout = checkoutAt(shopWith(PIN, paid()), { storage: undefined });

        await checkout.payWithCard(CARD);

        assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
      });
    });

    describe("waiting", () => {
      it("asks until the shop knows, and tells the caller once", async () => {
        const shop = shopWith(WAIT, WAIT, WAIT, paid());
        let told = 0;

        const step = await checkoutAt(shop).payWithCard(CARD, { onWaiting: () => (told += 1) });

        assert.deepEqual(step, ORDER_STEP);
        assert.equal(told, 1);
        assert.deepEqual(
          shop.steps.slice(1).map(({ type }) => type),
          ["wait", "wait", "wait"],
        );
      });

      it("asks less and less often, but four times a minute at least", async (t) => {
        const pauses = skipPauses(t);
        const wait = asks({ type: "wait", reference: null, poll_after_ms: 2000 });

        const step = await checkoutAt(shopWith(...Array(7).fill(wait), paid())).payWithCard(CARD);

        assert.deepEqual(step, ORDER_STEP);
        assert.deepEqual(pauses, [2000, 3000, 4500, 6750, 10125, 15000, 15000]);
      });

      it("ends when the patience does, with the payment still under way", async () => {
        const storage = new MemoryStorage();
        const impatient = checkoutAt(shopWith(WAIT), { storage, patienceMs: 0 });

        assert.deepEqual(await impatient.payWithCard(CARD), { type: "wait" });

        const later = checkoutAt(shopWith(paid()), { storage });
        assert.deepEqual(await later.resume({ url: SHOP_PAGE }), ORDER_STEP);
      });

      it("ends when it is aborted", async () => {
        const slow = asks({ type: "wait", reference: null, poll_after_ms: 60_000 });
        const controller = new AbortController();
        const step = checkoutAt(shopWith(slow)).payWithCard(CARD, { signal: controller.signal });

        setTimeout(() => controller.abort(), 20);

        await assert.rejects(step, { name: "AbortError" });
      });
    });

    describe("a lost connection", () => {
      it("while the card is charged is followed by asking how it stands", async (t) => {
        skipPauses(t);
        const shop = shopWith(lost(), lost(), paid());
        const checkout = checkoutAt(shop);
        await checkout.load();

        assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
      });

      it("before the payment was made is told at once", async () => {
        const shop = shopWith();
        const checkout = checkoutAt(shop);
        await checkout.load();
        shop.execute = () => Promise.reject(lost());
        const offline = checkoutAt(shop);

        await assert.rejects(offline.payWithCard(CARD), { name: "ConnectionError" });
      });
    });

    describe("a failure", () => {
      it("of the payment carries its sentence and its machine code", async () => {
        const shop = shopWith(fails("Your card has expired. (expired_card)"), paid());
        const checkout = checkoutAt(shop);

        await assert.rejects(checkout.payWithCard(CARD), {
          name: "PaymentError",
          code: "expired_card",
          message: "Your card has expired.",
        });
        assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
        assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
        assert.equal(shop.count(started), 2);
      });

      it("of Saleor carries Saleor's code", async () => {
        const checkout = checkoutAt(shopWith(new Refusal("INVALID", "Not a checkout.")));
        await assert.rejects(checkout.payWithCard(CARD), { name: "StoreError", code: "INVALID" });
      });

      it("says that the shop takes no cards", async () => {
        const shop = shopWith();
        const other = /** @type {any} */ ("another gateway");
        shop.api = other;
        await assert.rejects(checkoutAt(shop).load(), { code: "gateway_not_available" });
      });
    });

    describe("a checkout that is an order already", () => {
      it("is not paid again", async () => {
        const shop = shopWith(...(api === "payments" ? [paid()] : []));
        const checkout = checkoutAt(shop);
        await checkout.load();
        shop.checkout = null;
        shop.refusals = api === "payments" ? [new Refusal("NOT_FOUND")] : [];

        assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
        assert.ok(!shop.steps.some(({ type }) => type === "card"));
      });

      it("is found when its page is opened again", async () => {
        const shop = shopWith();
        shop.checkout = null;
        const checkout = checkoutAt(shop);

        await assert.rejects(checkout.load(), { code: "NOT_FOUND" });
        assert.deepEqual(await checkout.findOrder(), ORDER_STEP);
      });
    });

    describe("coming back", () => {
      const redirect = asks({ type: "redirect", redirect_url: "https://bank.example/1" });
      const sign = api === "transactions" ? `transaction=${TRANSACTION_ID}` : "payment=1";
      const returnUrl = `${SHOP_PAGE}?checkout=${encodeURIComponent(CHECKOUT_ID)}&${sign}`;

      /** @param {import("./fake-shop.js").PluginAnswer} step */
      async function leaveAt(step) {
        const storage = new MemoryStorage();
        await checkoutAt(shopWith(step), { storage, patienceMs: 0 }).payWithCard(CARD);
        return storage;
      }

      it("from the bank asks for the payment's status", async () => {
        const shop = shopWith(WAIT, paid());
        const checkout = checkoutAt(shop, { storage: await leaveAt(redirect) });

        assert.deepEqual(await checkout.resume({ url: returnUrl }), ORDER_STEP);
        assert.equal(shop.steps[0].type, "redirect");
      });

      it("from the bank in another browser works all the same", async () => {
        const shop = shopWith(paid());

        assert.deepEqual(await checkoutAt(shop).resume({ url: returnUrl }), ORDER_STEP);
        assert.deepEqual(shop.steps, [{ type: "redirect" }]);
      });

      for (const [where, left] of /** @type {const} */ ([
        ["the bank's page, unfinished", redirect],
        ["a page that asked for a PIN", PIN],
        ["a charge whose answer was not seen", WAIT],
      ])) {
        it(`from ${where}, asks how it stands and repeats the step`, async () => {
          const shop = shopWith(PIN, paid());
          const checkout = checkoutAt(shop, { storage: await leaveAt(left) });

          assert.equal((await checkout.resume({ url: SHOP_PAGE }))?.type, "pin");
          assert.deepEqual(
            shop.steps.map(({ type }) => type),
            ["wait"],
          );
          assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
        });
      }

      it("to a charge that never reached the shop starts afresh", async () => {
        const checkout = checkoutAt(shopWith(NEVER_ARRIVED), { storage: await leaveAt(WAIT) });
        assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
      });

      it("from the bank after another card was tried starts afresh", async () => {
        const checkout = checkoutAt(shopWith(NEVER_ARRIVED));
        assert.equal(await checkout.resume({ url: returnUrl }), null);
      });

      it("to a new checkout finds nothing under way", async () => {
        assert.equal(await checkoutAt(shopWith()).resume({ url: SHOP_PAGE }), null);
      });

      it("with another checkout's return address is not a return", async () => {
        const url = `${SHOP_PAGE}?checkout=Q2hlY2tvdXQ6Mg%3D%3D&${sign}`;
        assert.equal(await checkoutAt(shopWith()).resume({ url }), null);
      });

      it("with the checkout's id alone is not a return", async () => {
        const url = returnUrl.replace(`&${sign}`, "");
        assert.equal(await checkoutAt(shopWith()).resume({ url }), null);
      });

      it("remembers nothing that the customer typed", async () => {
        const storage = await leaveAt(PIN);
        const kept =
          api === "transactions" ? { transaction: TRANSACTION_ID } : { reference: "DGS-1" };
        assert.deepEqual(
          [...storage.items.values()].map((item) => JSON.parse(item)),
          [kept],
        );
      });

      it("can be wiped from the address, so that a reload does not return again", async () => {
        const wiped = withoutReturn(`${returnUrl}#pay`);
        assert.equal(wiped, `${returnUrl.replace(`&${sign}`, "")}#pay`);
        assert.equal(await checkoutAt(shopWith()).resume({ url: wiped }), null);
      });
    });
  });
}

it("is not in the way of the next call after it was aborted", async () => {
  const checkout = checkoutAt(new FakeShop("transactions"));
  const controller = new AbortController();
  const aborted = checkout.load().then(() => checkout.findOrder({ signal: controller.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();

  assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
  await aborted;
});

describe("Saleor over HTTP", () => {
  const shop = new FakeShop("transactions");
  /** In place of the shop's own answer. @type {{ status: number, body: string } | null} */
  let answer = null;
  /** @type {any[]} */
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    received.push({ query, variables });
    const kind = query.includes("mutation") ? "mutation" : "query";
    const data = await shop.execute(query, variables, { kind });
    const { status, body } = answer ?? { status: 200, body: JSON.stringify({ data }) };
    response.writeHead(status, { "Content-Type": "application/json" }).end(body);
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

  it("is asked with a document and its variables", async () => {
    const details = await (await checkoutOverHttp()).load();

    const asked = received.find(({ query }) => query.includes("query DgsPayCheckout"));
    assert.deepEqual(asked.variables, { id: CHECKOUT_ID });
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
