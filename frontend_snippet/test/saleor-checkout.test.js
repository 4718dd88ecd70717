/** What holds whichever of Saleor's APIs the shop offers DGS-Pay by. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, describe, it } from "node:test";

import { DgsPayCheckout, OPEN_AT_BANK_MS, StoreError, withoutReturn } from "../saleor-checkout.js";
import { checkoutAt, skipPauses } from "./customer.js";
import {
  CARD,
  CHECKOUT_ID,
  FakeShop,
  MemoryStorage,
  NEVER_ARRIVED,
  ORDER_STEP,
  PAYMENT_ID,
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
        const asked = asks({ type: "pin", ...wrong, attempts_left: 2 });
        const checkout = checkoutAt(shopWith(PIN, asked));

        await checkout.payWithCard(CARD);

        assert.deepEqual(await checkout.answerPin("9999"), {
          type: "pin",
          ...wrong,
          attemptsLeft: 2,
        });
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

        const step = await redirectTo("https://bank.example/1");

        assert.equal(step.type === "redirect" && step.url, "https://bank.example/1");
        for (const url of ["javascript:alert(1)", "ftp://bank.example/", "//bank.example", ""]) {
          await assert.rejects(redirectTo(url), { code: "bank_page_not_safe" }, url);
        }
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

        assert.deepEqual(await impatient.payWithCard(CARD), { type: "wait", isLost: false });

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

    describe("a lost answer", () => {
      it("of the customer's is asked for again, with a word", async (t) => {
        skipPauses(t);
        const checkout = checkoutAt(shopWith(PIN, lost(), PIN, paid()));
        await checkout.payWithCard(CARD);

        const step = await checkout.answerPin("1234");

        assert.deepEqual([step.type, "error" in step && step.error], ["pin", "answer_lost"]);
        assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
      });

      it("is told while it lasts", async (t) => {
        skipPauses(t);
        /** @type {boolean[]} */
        const told = [];
        const onWaiting = (/** @type {{ isLost: boolean }} */ { isLost }) => told.push(isLost);

        await checkoutAt(shopWith(WAIT, lost(), lost(), WAIT, paid())).payWithCard(CARD, {
          onWaiting,
        });

        assert.deepEqual(told, [false, true, false]);
      });

      it("is one that does not come within the limit: then it is asked for", async (t) => {
        // A pending timer keeps Node awake while nothing else does.
        const awake = setInterval(() => {}, 1000);
        t.after(() => clearInterval(awake));
        const shop = shopWith(paid());
        const { execute } = shop;
        let isHanging = true;
        shop.execute = async (document, variables, options) => {
          if (/transactionInitialize|checkoutComplete/.test(document) && isHanging) {
            isHanging = false;
            return new Promise(() => {});
          }
          return execute(document, variables, options);
        };
        const checkout = checkoutAt(shop, { requestLimitMs: 50 });

        assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
        assert.equal(isHanging, false);
        assert.equal(shop.count(started), 1);
      });
    });

    describe("a free checkout", () => {
      const freeShop = () => {
        const shop = shopWith();
        shop.checkout.totalPrice.gross.amount = 0;
        shop.checkout.totalBalance.amount = 0;
        shop.checkout.billingAddress.phone = "";
        return shop;
      };

      it("is completed without a card", async () => {
        const shop = freeShop();
        shop.completesWithoutPayment = true;
        const checkout = checkoutAt(shop);

        const { isFree, isPaid, missing } = await checkout.load();

        assert.deepEqual([isFree, isPaid, missing], [true, false, []]);
        assert.deepEqual(await checkout.placeFreeOrder(), ORDER_STEP);
        assert.equal(shop.count(started), 0);
      });

      it("is charged to no card", async () => {
        await assert.rejects(checkoutAt(freeShop()).payWithCard(CARD), {
          code: "nothing_to_pay",
        });
      });

      it("is not placed once it costs something", async () => {
        const shop = freeShop();
        const checkout = checkoutAt(shop);
        await checkout.load();
        shop.checkout.totalPrice.gross.amount = 500;
        shop.checkout.totalBalance.amount = -500;

        await assert.rejects(checkout.placeFreeOrder(), { code: "PARTIAL_PAYMENT_NOT_ALLOWED" });
        assert.equal(shop.count("CompleteCheckout"), 0);
      });
    });

    describe("a checkout that lacks something", () => {
      it("is not charged, until it is mended", async () => {
        const shop = shopWith(paid());
        shop.checkout.isShippingRequired = true;
        const checkout = checkoutAt(shop);

        await assert.rejects(checkout.payWithCard(CARD), { code: "shipping_address_needed" });
        shop.checkout.shippingAddress = shop.checkout.billingAddress;
        await assert.rejects(checkout.payWithCard(CARD), { code: "delivery_method_needed" });
        assert.equal(shop.count(started), 0);
        shop.checkout.deliveryMethod = { __typename: "ShippingMethod" };

        assert.deepEqual(await checkout.payWithCard(CARD), ORDER_STEP);
      });

      it("is left to the plugin where Saleor does not know the question", async () => {
        const shop = shopWith(paid());
        const { execute } = shop;
        shop.execute = async (document, variables, options) => {
          if (document.includes("giftCards")) throw new StoreError("request_refused", "");
          return execute(document, variables, options);
        };

        assert.deepEqual(await checkoutAt(shop).payWithCard(CARD), ORDER_STEP);
      });
    });

    describe("money that moved without an order", () => {
      for (const code of ["paid_without_order", "amount_mismatch", "already_paid"]) {
        it(`(${code}) is only asked about, whatever is opened next`, async () => {
          const storage = new MemoryStorage();
          const failure = fails(`You have been charged. (${code})`);
          const shop = shopWith(failure, failure, failure);
          const checkout = checkoutAt(shop, { storage });
          await assert.rejects(checkout.payWithCard(CARD), { code, mayBeCharged: true });

          await assert.rejects(checkout.resume({ url: SHOP_PAGE }), { code });
          await assert.rejects(checkoutAt(shop, { storage }).resume({ url: SHOP_PAGE }), { code });
          assert.equal(shop.steps.filter(({ type }) => type === "card").length, 1);
        });
      }

      it("has its order as soon as there is one", async () => {
        const storage = new MemoryStorage();
        const shop = shopWith(fails("You have already paid. (already_paid)"), paid());
        await assert.rejects(checkoutAt(shop, { storage }).payWithCard(CARD));
        shop.checkout = null;

        assert.deepEqual(
          await checkoutAt(shop, { storage }).resume({ url: SHOP_PAGE }),
          ORDER_STEP,
        );
        assert.equal(storage.items.size, 0);
      });
    });

    describe("another tab", () => {
      it("goes on with the payment that is under way", async () => {
        const storage = new MemoryStorage();
        const shop = shopWith(PIN, PIN, paid());
        await checkoutAt(shop, { storage }).payWithCard(CARD);
        const other = checkoutAt(shop, { storage });

        assert.equal((await other.resume({ url: SHOP_PAGE }))?.type, "pin");
        assert.deepEqual(await other.answerPin("1234"), ORDER_STEP);
      });

      it("does not answer for the payment of this one", async () => {
        const storage = new MemoryStorage();
        const first = new FakeShop(api, PIN, paid());
        const checkout = checkoutAt(first, { storage });
        await checkout.payWithCard(CARD);
        await checkoutAt(shopWith(asks({ type: "otp", reference: "DGS-2" })), {
          storage,
        }).payWithCard(CARD);

        assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
        assert.equal(first.steps[1].type, "pin");
        assert.equal(first.steps[1].reference, api === "payments" ? "DGS-1" : undefined);
        // The fake shop gives all its transactions one id.
        if (api === "payments") assert.equal(storage.items.size, 1);
      });

      it("of another device goes on with what the shop says is under way", async () => {
        const shop = shopWith(PIN, paid());
        shop.config = {
          ...shop.config,
          open_payment: api === "payments" ? "DGS-1" : TRANSACTION_ID,
        };
        const checkout = checkoutAt(shop);

        assert.equal(await checkout.resume({ url: SHOP_PAGE }), null);
        assert.ok((await checkout.load()).underWay);
        assert.equal((await checkout.resume({ url: SHOP_PAGE }))?.type, "pin");
        assert.deepEqual(await checkout.answerPin("1234"), ORDER_STEP);
      });
    });

    it("keeps going where the browser forbids its storage", async () => {
      const forbidden = () => {
        throw new Error("denied");
      };
      const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
      assert.deepEqual(
        await checkoutAt(shopWith(paid()), { storage }).payWithCard(CARD),
        ORDER_STEP,
      );
    });

    it("says when another card can work at the latest, however often it is asked", async (t) => {
      t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
      const bank = asks({ type: "redirect", redirect_url: "https://bank.example/1" });
      const storage = new MemoryStorage();
      const shop = shopWith(bank, bank);
      const first = await checkoutAt(shop, { storage }).payWithCard(CARD);
      t.mock.timers.setTime(1_060_000);
      const second = await checkoutAt(shop, { storage }).resume({ url: SHOP_PAGE });

      for (const step of [first, second]) {
        assert.equal(step?.type === "redirect" && step.otherCardAt, 1_000_000 + OPEN_AT_BANK_MS);
      }
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
      const sign =
        api === "transactions" ? `transaction=${TRANSACTION_ID}` : `payment=${PAYMENT_ID}`;
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

      it("leaves the page's own parameters of the same names as they are written", () => {
        const own = `${SHOP_PAGE}?payment=card&q=a%20b+c&transaction=&flag`;
        assert.equal(withoutReturn(own), own);
        assert.equal(withoutReturn(`${own}&${sign}#pay`), `${own}#pay`);
      });

      it("beside the page's own parameter of the same name is a return", async () => {
        const url = returnUrl.replace("?", "?transaction=7&payment=card&");
        assert.deepEqual(await checkoutAt(shopWith(paid())).resume({ url }), ORDER_STEP);
      });

      it("can be wiped from the address, so that a reload does not return again", async () => {
        const wiped = withoutReturn(`${returnUrl}#pay`);
        assert.equal(wiped, `${returnUrl.replace(`&${sign}`, "")}#pay`);
        assert.equal(await checkoutAt(shopWith()).resume({ url: wiped }), null);
      });
    });
  });
}

it("holds another card back as long as the plugin does", () => {
  const plugin = readFileSync(
    new URL("../../dgspay_plugin/records/attempts.py", import.meta.url),
    "utf8",
  );
  const [, minutes] = plugin.match(/OUTCOME_DEADLINE = timedelta\(minutes=(\d+)\)/) ?? [];
  assert.equal(OPEN_AT_BANK_MS, Number(minutes) * 60_000);
});

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

  it("asked by a client that resolves to nothing is a lost connection", async () => {
    const checkout = new DgsPayCheckout({ checkoutId: CHECKOUT_ID, execute: async () => null });
    await assert.rejects(checkout.load(), { name: "ConnectionError" });
  });

  it("answering that the document is wrong is not asked again", async () => {
    answer = { status: 400, body: '{"errors":[{"message":"Cannot query field"}]}' };
    await assert.rejects((await checkoutOverHttp()).findOrder(), { code: "request_refused" });
  });
});
