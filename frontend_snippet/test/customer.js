/** How the tests pay at a fake shop. */

import { DgsPayCheckout } from "../saleor-checkout.js";
import { CHECKOUT_ID, MemoryStorage, SHOP_PAGE } from "./fake-shop.js";

/**
 * @param {import("./fake-shop.js").FakeShop} shop
 * @param {Partial<import("../saleor-checkout.js").CheckoutOptions>} [options]
 */
export function checkoutAt(shop, options) {
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
export function skipPauses(t) {
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
