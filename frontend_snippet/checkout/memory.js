/**
 * What has to outlive a reload or the visit to the bank's page: which payment of the
 * checkout or the order is under way. Never anything that the customer typed.
 */

/**
 * Of the Payments API, DGS-Pay's reference once it is known; of the Transactions API the
 * transaction, or what it was asked for with as long as its id is not known.
 *
 * @typedef {(
 *   | { reference: string | null }
 *   | { transaction: string }
 *   | { idempotencyKey: string, amount: number }
 * )} PaymentUnderWay
 */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory */

export class PaymentMemory {
  #key;
  #storage;
  /** In place of a storage, where there is none. @type {PaymentUnderWay | null} */
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
    if (!this.#storage) return this.#payment;
    return JSON.parse(this.#storage.getItem(this.#key) ?? "null");
  }

  /** @param {PaymentUnderWay} payment */
  write(payment) {
    this.#payment = payment;
    this.#storage?.setItem(this.#key, JSON.stringify(payment));
  }

  clear() {
    this.#payment = null;
    this.#storage?.removeItem(this.#key);
  }
}
