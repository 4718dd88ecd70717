/** What a checkout still lacks to become an order, by the codes of the plugin's refusals. */

/** @type {Partial<Record<string, string>>} */
const CODE_OF_PROBLEM = {
  CheckoutProblemDeliveryMethodInvalid: "delivery_method_not_available",
  CheckoutLineProblemInsufficientStock: "out_of_stock",
  CheckoutLineProblemVariantNotAvailable: "not_for_sale",
};

/**
 * A voucher that has run out cannot be seen from outside: the plugin refuses it.
 *
 * @param {any} checkout As Saleor answers to `WHAT_IS_MISSING`.
 * @param {boolean} isFree Nobody asks for the name and the phone of who pays.
 * @returns {string[]} In the order in which a customer would mend them.
 */
export function missingIn(checkout, isFree) {
  const { billingAddress, shippingAddress, deliveryMethod, giftCards } = checkout;
  const addresses = [billingAddress, shippingAddress].filter(Boolean);
  /** @param {...string} fields */
  const isKnown = (...fields) =>
    addresses.some((address) => fields.some((field) => address[field]?.trim()));
  const isCollected = deliveryMethod?.__typename === "Warehouse";

  /** @type {Record<string, boolean>} */
  const isMissing = {
    nothing_in_order: !checkout.lines.length,
    email_needed: !checkout.email,
    billing_address_needed: !billingAddress,
    name_needed: billingAddress && !isFree && !isKnown("firstName", "lastName", "companyName"),
    phone_needed: billingAddress && !isFree && !isKnown("phone"),
    shipping_address_needed: checkout.isShippingRequired && !shippingAddress && !isCollected,
    delivery_method_needed: checkout.isShippingRequired && !deliveryMethod,
    gift_card_not_applicable: giftCards.some(isOver),
  };
  const problems = (checkout.problems ?? []).map(
    (/** @type {{ __typename: string }} */ { __typename }) => CODE_OF_PROBLEM[__typename],
  );
  const codes = Object.keys(isMissing).filter((code) => isMissing[code]);
  return [...new Set([...codes, ...problems])].filter(Boolean);
}

/**
 * As Saleor judges when it makes the order (saleor/giftcard/models.py, `active`).
 *
 * @param {{ isActive: boolean, expiryDate: string | null }} giftCard The date as in
 *   ISO 8601: 2030-12-31.
 */
function isOver({ isActive, expiryDate }) {
  const today = new Date().toISOString().slice(0, 10);
  return !isActive || (expiryDate !== null && expiryDate < today);
}
