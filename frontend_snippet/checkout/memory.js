/**
 * What has to outlive a reload or the visit to the bank's page: that a payment of the
 * checkout is under way, and DGS-Pay's reference of it. Never anything that the
 * customer typed.
 */

/** @typedef {{ reference: string | null }} PaymentUnderWay */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory */

export class PaymentMemory {
  #key;
  #storage;

  /**
   * @param {string} checkoutId
   * @param {Memory | undefined} storage
   */
  constructor(checkoutId, storage) {
    this.#key = `dgspay:${checkoutId}`;
    this.#storage = storage;
  }

  /** @returns {PaymentUnderWay | null} */
  read() {
    return JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
  }

  /** @param {PaymentUnderWay} payment */
  write(payment) {
    this.#storage?.setItem(this.#key, JSON.stringify(payment));
  }

  clear() {
    this.#storage?.removeItem(this.#key);
  }
}
