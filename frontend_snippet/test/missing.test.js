/** What a checkout lacks, as the plugin would refuse it. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { missingIn } from "../checkout/missing.js";

const ALINE = { firstName: "Aline", lastName: "", companyName: "", phone: "+250788123456" };
const NOBODY = { firstName: " ", lastName: "", companyName: "", phone: "" };
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const TODAY = new Date().toISOString().slice(0, 10);

const DIGITAL = {
  email: "aline@example.com",
  isShippingRequired: false,
  lines: [{ id: "1" }],
  billingAddress: ALINE,
  shippingAddress: null,
  deliveryMethod: null,
  giftCards: [],
  problems: [],
};
const SHIPPED = {
  ...DIGITAL,
  isShippingRequired: true,
  shippingAddress: ALINE,
  deliveryMethod: { __typename: "ShippingMethod" },
};

describe("nothing is missing", () => {
  for (const [what, checkout] of Object.entries({
    "in digital goods": DIGITAL,
    "in goods that are shipped": SHIPPED,
    "in goods that are collected": {
      ...SHIPPED,
      shippingAddress: null,
      deliveryMethod: { __typename: "Warehouse" },
    },
    "where the address to ship to has the name and the phone": {
      ...SHIPPED,
      billingAddress: NOBODY,
    },
    "where a gift card ends today": {
      ...DIGITAL,
      giftCards: [
        { isActive: true, expiryDate: TODAY },
        { isActive: true, expiryDate: null },
      ],
    },
    "where Saleor has a problem that this version does not know": {
      ...DIGITAL,
      problems: [{ __typename: "CheckoutProblemDeliveryMethodStale" }],
    },
  })) {
    it(what, () => assert.deepEqual(missingIn(checkout, false), []));
  }

  it("in a free order without a name and a phone", () => {
    assert.deepEqual(missingIn({ ...DIGITAL, billingAddress: NOBODY }, true), []);
  });
});

describe("what is missing is named", () => {
  for (const [code, lack] of Object.entries({
    nothing_in_order: { lines: [] },
    email_needed: { email: null },
    billing_address_needed: { billingAddress: null },
    name_needed: { billingAddress: { ...NOBODY, phone: "+250788123456" }, shippingAddress: null },
    phone_needed: { billingAddress: { ...ALINE, phone: "" }, shippingAddress: NOBODY },
    shipping_address_needed: { shippingAddress: null },
    delivery_method_needed: { deliveryMethod: null },
    delivery_method_not_available: {
      problems: [{ __typename: "CheckoutProblemDeliveryMethodInvalid" }],
    },
    out_of_stock: { problems: [{ __typename: "CheckoutLineProblemInsufficientStock" }] },
    not_for_sale: { problems: [{ __typename: "CheckoutLineProblemVariantNotAvailable" }] },
    gift_card_not_applicable: { giftCards: [{ isActive: true, expiryDate: YESTERDAY }] },
  })) {
    it(code, () => {
      const isShipped = code !== "name_needed";
      const checkout = { ...(isShipped ? SHIPPED : DIGITAL), ...lack };
      assert.deepEqual(missingIn(checkout, false), [code]);
    });
  }

  it("a gift card that was switched off", () => {
    const giftCards = [{ isActive: false, expiryDate: null }];
    assert.deepEqual(missingIn({ ...DIGITAL, giftCards }, false), ["gift_card_not_applicable"]);
  });

  it("each once, in the order in which a customer mends them", () => {
    const soldOut = { __typename: "CheckoutLineProblemInsufficientStock" };
    const checkout = {
      ...SHIPPED,
      email: "",
      billingAddress: null,
      deliveryMethod: null,
      problems: [soldOut, soldOut],
    };
    assert.deepEqual(missingIn(checkout, false), [
      "email_needed",
      "billing_address_needed",
      "delivery_method_needed",
      "out_of_stock",
    ]);
  });
});
