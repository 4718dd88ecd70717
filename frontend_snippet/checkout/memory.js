/**
 * What has to outlive a reload or the visit to the bank's page: the step that the
 * checkout's payment has come to, as the shop told it. Never anything that the
 * customer typed.
 */

/** @typedef {import("../saleor-checkout.js").Confirmation} Confirmation */
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

  /** @returns {Confirmation | null} */
  read() {
    return JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
  }

  /** @param {Confirmation} confirmation */
  write(confirmation) {
    this.#storage?.setItem(this.#key, JSON.stringify(confirmation));
  }

  clear() {
    this.#storage?.removeItem(this.#key);
  }
}
