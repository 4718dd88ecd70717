/** What the modules of a checkout hand to each other, and to the page. */

/** @typedef {import("./memory.js").Memory} Memory */
/** @typedef {import("./memory.js").PaymentMemory} PaymentMemory */
/** @typedef {import("./transport.js").Execute} Execute */
/** @typedef {import("./transport.js").Send} Send */

/**
 * @typedef {object} Money
 * @property {number} amount In major units.
 * @property {string} currency ISO 4217.
 */

/**
 * @typedef {object} Address
 * @property {string} line1
 * @property {string} [line2]
 * @property {string} [city]
 * @property {string} [state]
 * @property {string} [postalCode]
 * @property {string} country ISO 3166-1, two letters.
 */

/**
 * @typedef {object} CheckoutDetails
 * @property {Money} total What is left to pay.
 * @property {boolean} isPaid Nothing is left to pay; `findOrder` gives the order.
 * @property {Address | null} billingAddress
 * @property {{ encryptionKey: string, nonceFormat: "12" | "24", environment: string }} gateway
 */

/**
 * @typedef {object} Order
 * @property {string} id
 * @property {string} number
 * @property {boolean} isPaid False while the bank has not decided; the shop will know.
 * @property {Money} total
 */

/**
 * Saleor's `confirmationData`, or a transaction's `data`, as the plugin writes it.
 *
 * @typedef {object} Confirmation
 * @property {"pin" | "otp" | "avs" | "redirect" | "wait"} type
 * @property {string | null} [reference] DGS-Pay's reference of the charge.
 * @property {string} [redirect_url]
 * @property {number} [poll_after_ms]
 * @property {string} [error] Machine code of what was wrong with the last answer.
 * @property {string} [message] The same as a sentence for the customer.
 */

/**
 * What comes next. `wait` comes only when the shop still did not know after the
 * patience of one call: the customer may leave, or `resume` asks again.
 *
 * @typedef {(
 *   | { type: "pin" | "otp" | "avs", error?: string, message?: string }
 *   | { type: "redirect", url: string }
 *   | { type: "wait" }
 *   | { type: "order", order: Order }
 * )} Step
 */

/**
 * @typedef {object} CheckoutOptions
 * @property {string} [checkoutId] Saleor's global id of the checkout. Either this or
 *   `orderId`.
 * @property {string} [orderId] Saleor's global id of an order that is still to be paid.
 * @property {"transactions" | "payments"} [api] Which of Saleor's APIs to use; unless
 *   told otherwise, transactions where the shop offers DGS-Pay there. An order is
 *   always paid by transactions.
 * @property {string} [graphqlUrl] Saleor's GraphQL endpoint. Either this or `execute`.
 * @property {Execute} [execute] The store's own GraphQL client.
 * @property {string} [returnUrl] Where the bank's page sends the customer back to, with
 *   `checkout` or `order`, and `transaction` or `payment` added to its query. The page's
 *   own address unless told otherwise.
 * @property {Memory} [storage] Where a payment under way is remembered; the
 *   browser's sessionStorage unless told otherwise.
 * @property {number} [patienceMs] How long one call waits for the shop to know; 120 000
 *   unless told otherwise.
 */

/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal] Ends the call; the payment itself goes on.
 * @property {() => void} [onWaiting] Told when the shop does not know yet, which may
 *   take a while.
 */

/** @typedef {Confirmation | { type: "order", order: Order, poll_after_ms?: undefined }} Answer */

/**
 * What is paid, and how to reach it.
 *
 * @typedef {object} Purchase
 * @property {"checkout" | "order"} kind
 * @property {Send} send
 * @property {PaymentMemory} memory
 * @property {string | undefined} returnUrl
 */

/** One step, as the plugin reads it. @typedef {{ type: string }} PaymentData */

export {};
