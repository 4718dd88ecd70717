/** What the modules of a checkout hand to each other, and to the page. */

/** @typedef {import("./memory.js").Memory} Memory */
/** @typedef {import("./memory.js").PaymentUnderWay} PaymentUnderWay */
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

/** @typedef {"card" | "mobile_money"} Method */

/**
 * @typedef {object} Wallet
 * @property {"MTN" | "Airtel"} network
 * @property {string} phone A Rwandan mobile number, however it is written.
 */

/**
 * Where the customer has to approve the payment.
 *
 * @typedef {object} Approval
 * @property {string} network
 * @property {string} phoneLastDigits
 */

/**
 * @typedef {object} CheckoutDetails
 * @property {Money} total What is left to pay.
 * @property {boolean} isPaid Nothing is left to pay; `findOrder` gives the order.
 * @property {boolean} isFree It costs nothing; `placeFreeOrder` gives the order.
 * @property {string[]} missing What the checkout lacks to become an order, by the
 *   plugin's machine codes ("delivery_method_needed"). It cannot be paid before.
 * @property {PaymentUnderWay | null} underWay A payment that was begun elsewhere, in
 *   another browser perhaps; `resume` goes on with it.
 * @property {Address | null} billingAddress
 * @property {string} phone The billing address's, or empty.
 * @property {Method[]} methods How the shop lets it be paid, the first one first. Mobile
 *   money is among them only where the total is in RWF.
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
 * @property {"pin" | "otp" | "avs" | "redirect" | "wait" | "approve_on_phone"} type
 * @property {string | null} [reference] DGS-Pay's reference of the charge.
 * @property {string} [redirect_url]
 * @property {number} [poll_after_ms]
 * @property {string} [network] Of mobile money.
 * @property {string} [phone_last_digits]
 * @property {string} [error] Machine code of what was wrong with the last answer.
 * @property {string} [message] The same as a sentence for the customer.
 * @property {number} [attempts_left] With an error: how many answers the bank still takes.
 */

/**
 * What comes next. `error` is "answer_lost" where the connection broke and the answer did
 * not arrive. `otherCardAt` is when the shop takes another card at the latest, in
 * milliseconds since 1970: a payment may go through at the bank's page until then.
 * With a `network`, the page is that of its mobile money and not a bank's.
 * `wait` and `approve_on_phone` come only when the shop still did not know after the
 * patience of one call: the customer may leave, or `resume` asks again. A `wait` `isLost`
 * where the shop could not be reached.
 *
 * @typedef {(
 *   | { type: "pin" | "otp" | "avs", error?: string, message?: string, attemptsLeft?: number }
 *   | { type: "redirect", url: string, otherCardAt: number, network?: string }
 *   | { type: "wait", isLost: boolean }
 *   | { type: "approve_on_phone" } & Approval
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
 *   browser's localStorage unless told otherwise, so that all tabs know it.
 * @property {number} [patienceMs] How long one call waits for the shop to know; 120 000
 *   unless told otherwise, and 300 000 for an approval on the phone.
 * @property {number} [requestLimitMs] When a request that is not answered counts as lost;
 *   70 000 unless told otherwise, which is longer than the shop takes for a charge.
 */

/**
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal] Ends the call; the payment itself goes on.
 * @property {(state: { isLost: boolean, approval?: Approval }) => void} [onWaiting] Told
 *   when the shop does not know yet, which may take a while, and when the connection is
 *   lost meanwhile or back. With an approval, the customer has to give it on the phone.
 * @property {() => void} [onAsked] Told each time when the shop has been asked once more.
 * @property {() => void} [onSlow] Told when the shop has not answered for ten seconds.
 */

/**
 * @typedef {(
 *   | Confirmation & { isLost?: boolean }
 *   | { type: "order", order: Order, poll_after_ms?: undefined, isLost?: undefined }
 * )} Answer
 */

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
