/** What can go wrong, by what the caller can do about it. `code` is for programs. */

/** Base of the errors below. */
export class CheckoutError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/**
 * The payment failed, for a reason that the customer can read: `message` is the
 * sentence, `code` the plugin's machine code ("insufficient_funds"). Unless the code
 * says otherwise, they may try again.
 */
export class PaymentError extends CheckoutError {}

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
    : new StoreError(code, message ?? code);
}
