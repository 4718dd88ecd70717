/** What can go wrong, by what the caller can do about it. `code` is for programs. */

/** Base of the errors below. */
export class CheckoutError extends Error {
  /**
   * @param {string} code
   * @param {string} [message] The code unless given.
   * @param {ErrorOptions} [options]
   */
  constructor(code, message = code, options) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Plugin codes that leave the payment as it was: DGS-Pay did not take the answer. */
const NOTHING_CHANGED = ["provider_unavailable", "provider_refused", "invalid_card_data"];

/** Codes of payments whose money moved, or may have: another one would charge the customer twice. */
export const MONEY_MAY_HAVE_MOVED = [
  "already_paid",
  "paid_without_order",
  "order_not_placed",
  "order_not_possible_yet",
  "amount_mismatch",
];

/**
 * The payment failed, for a reason that the customer can read: `message` is the
 * sentence, `code` the plugin's machine code ("insufficient_funds").
 */
export class PaymentError extends CheckoutError {
  /** Whether the step that was answered can be answered again; if not, pay anew. */
  get canAnswerAgain() {
    return NOTHING_CHANGED.includes(this.code);
  }

  /** Whether the customer may have been charged: then nothing more is paid, only asked. */
  get mayBeCharged() {
    return MONEY_MAY_HAVE_MOVED.includes(this.code);
  }
}

/** Saleor refused; `code` is its own ("INSUFFICIENT_STOCK"). */
export class StoreError extends CheckoutError {}

/** No answer came, and nothing was charged. */
export class ConnectionError extends CheckoutError {
  /** @param {ErrorOptions} [options] */
  constructor(options) {
    super("connection_lost", "The shop cannot be reached.", options);
  }
}

/**
 * The error in a mutation's `errors`. The plugin's own read "Sentence. (machine_code)".
 *
 * @param {{ code: string, message: string | null }} error
 */
export function readError({ code, message }) {
  const [, sentence, machineCode] = message?.match(/^(.+) \(([a-z_]+)\)$/s) ?? [];
  return sentence && machineCode
    ? new PaymentError(machineCode, sentence)
    : new StoreError(code, message ?? undefined);
}
