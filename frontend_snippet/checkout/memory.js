/**
 * What has to outlive a reload, or the visit to the bank's page: which payment of the
 * checkout or the order is under way. Never anything that the customer typed.
 */

/**
 * Of the Payments API, DGS-Pay's reference once it is known; of the Transactions API the
 * transaction, or what it was asked for with as long as its id is not known.
 *
 * @typedef {object} PaymentUnderWay
 * @property {string | null} [reference]
 * @property {string} [transaction]
 * @property {string} [idempotencyKey]
 * @property {number} [amount] With the key: what the transaction is for.
 * @property {number} [atBankSince] When the customer was first sent to the bank's page,
 *   in milliseconds since 1970.
 * @property {string} [ended] The machine code with which the payment ended though money
 *   moved: nothing more is paid, only asked.
 */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory */

export class PaymentMemory {
  #key;
  #storage;
  /**
   * This page's own payment. Another tab may begin another one, which this page must
   * not answer for its own.
   *
   * @type {PaymentUnderWay | null}
   */
  #payment = null;

  /**
   * @param {string} id
   * @param {Memory | undefined} storage
   */
  constructor(id, storage) {
    this.#key = `dgspay:${id}`;
    this.#storage = storage;
  }

  /** @returns {PaymentUnderWay | null} */
  read() {
    this.#payment ??= this.#stored();
    return this.#payment;
  }

  /** @param {PaymentUnderWay} payment */
  write(payment) {
    this.#payment = payment;
    this.#ifAllowed((storage) => storage.setItem(this.#key, JSON.stringify(payment)));
  }

  clear() {
    const isOwn = JSON.stringify(this.#stored()) === JSON.stringify(this.#payment);
    if (isOwn) this.#ifAllowed((storage) => storage.removeItem(this.#key));
    this.#payment = null;
  }

  /** @returns {PaymentUnderWay | null} */
  #stored() {
    const text = this.#ifAllowed((storage) => storage.getItem(this.#key));
    try {
      return JSON.parse(text ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * A full or forbidden storage is no reason not to pay.
   *
   * @template T
   * @param {(storage: Memory) => T} use
   */
  #ifAllowed(use) {
    try {
      return this.#storage && use(this.#storage);
    } catch {
      return undefined;
    }
  }
}
