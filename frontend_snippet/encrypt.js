/**
 * Encrypts card details and PINs for DGS-Pay in the customer's own browser, so that
 * a store's server never sees them. WebCrypto only; runs in every evergreen browser
 * and in Node 20.
 *
 * The format is DGS-Pay's: AES-256-GCM with the merchant's base64 key, the 128-bit
 * tag at the end, base64 output. The four fields of a card share one nonce, as
 * DGS-Pay wants them, and no nonce is ever used for a second card or PIN.
 *
 * Nothing is kept: the functions hold what they are given until they return.
 */

/**
 * What the customer typed; spaces and hyphens in it do not matter.
 *
 * @typedef {object} Card
 * @property {string} number 12 to 19 digits.
 * @property {string | number} expiryMonth 1 to 12.
 * @property {string | number} expiryYear Two or four digits: 28 or 2028.
 * @property {string} cvv Three or four digits.
 */

/**
 * The `paymentData` of a `checkoutComplete` that charges a card.
 *
 * @typedef {object} EncryptedCard
 * @property {"card"} type
 * @property {string} card_encrypted_number
 * @property {string} card_encrypted_expiry_month
 * @property {string} card_encrypted_expiry_year
 * @property {string} card_encrypted_cvv
 * @property {string} card_nonce
 */

/**
 * The `paymentData` of a `checkoutComplete` that answers the PIN step.
 *
 * @typedef {object} EncryptedPin
 * @property {"pin"} type
 * @property {string} auth_pin_encrypted
 * @property {string} auth_pin_nonce
 */

/**
 * @typedef {object} EncryptionOptions
 * @property {"12" | "24"} [nonceFormat] Characters in a nonce: the gateway config's
 *   `nonce_format`. "12" unless told otherwise.
 */

/**
 * @typedef {"insecure_context" | "invalid_key" | "invalid_number" | "invalid_month"
 *   | "invalid_year" | "invalid_cvv" | "invalid_pin" | "invalid_nonce_format"} EncryptionErrorCode
 */

/** Nothing was encrypted; `code` says why. The message never repeats the value. */
export class EncryptionError extends Error {
  /**
   * @param {EncryptionErrorCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "EncryptionError";
    this.code = code;
  }
}

/**
 * @param {Card} card
 * @param {string} encryptionKey The gateway config's `encryption_key`.
 * @param {EncryptionOptions} [options]
 * @returns {Promise<EncryptedCard>}
 * @throws {EncryptionError}
 */
export async function encryptCard(card, encryptionKey, options) {
  const number = digits(card.number, /^\d{12,19}$/, "number");
  const month = digits(card.expiryMonth, /^(0?[1-9]|1[0-2])$/, "month");
  const year = digits(card.expiryYear, /^(20)?\d\d$/, "year");
  const cvv = digits(card.cvv, /^\d{3,4}$/, "cvv");

  const { nonce, encrypt } = await createCipher(encryptionKey, options);
  return {
    type: "card",
    card_encrypted_number: await encrypt(number),
    card_encrypted_expiry_month: await encrypt(month.padStart(2, "0")),
    card_encrypted_expiry_year: await encrypt(year.padStart(4, "20")),
    card_encrypted_cvv: await encrypt(cvv),
    card_nonce: nonce,
  };
}

/**
 * @param {string} pin Four to twelve digits (ISO 9564).
 * @param {string} encryptionKey The gateway config's `encryption_key`.
 * @param {EncryptionOptions} [options]
 * @returns {Promise<EncryptedPin>}
 * @throws {EncryptionError}
 */
export async function encryptPin(pin, encryptionKey, options) {
  const pinDigits = digits(pin, /^\d{4,12}$/, "pin");
  const { nonce, encrypt } = await createCipher(encryptionKey, options);
  return { type: "pin", auth_pin_encrypted: await encrypt(pinDigits), auth_pin_nonce: nonce };
}

/**
 * @param {string | number} value
 * @param {RegExp} shape
 * @param {"number" | "month" | "year" | "cvv" | "pin"} field
 */
function digits(value, shape, field) {
  const compact = String(value).replace(/[\s-]/g, "");
  if (!shape.test(compact)) {
    throw new EncryptionError(`invalid_${field}`, `The card's ${field} is not valid.`);
  }
  return compact;
}

/**
 * A fresh nonce, and the function that encrypts with it.
 *
 * @param {string} encryptionKey
 * @param {EncryptionOptions} [options]
 */
async function createCipher(encryptionKey, { nonceFormat = "12" } = {}) {
  if (!globalThis.crypto?.subtle) {
    throw new EncryptionError(
      "insecure_context",
      "Card details can only be encrypted on an HTTPS page (or localhost).",
    );
  }
  const key = await importKey(encryptionKey);
  const { nonce, iv } = createNonce(nonceFormat);
  const algorithm = { name: "AES-GCM", iv, tagLength: 128 };

  /** @param {string} text */
  const encrypt = async (text) => {
    const bytes = new TextEncoder().encode(text);
    const sealed = await crypto.subtle.encrypt(algorithm, key, bytes);
    return btoa(String.fromCharCode(...new Uint8Array(sealed)));
  };
  return { nonce, encrypt };
}

/** @param {string} encryptionKey */
async function importKey(encryptionKey) {
  try {
    const bytes = Uint8Array.from(atob(encryptionKey), (character) => character.charCodeAt(0));
    if (bytes.length !== 32) throw new RangeError("AES-256 takes 32 bytes");
    const extractable = false;
    return await crypto.subtle.importKey("raw", bytes, "AES-GCM", extractable, ["encrypt"]);
  } catch {
    throw new EncryptionError("invalid_key", "The encryption key is not base64 of 32 bytes.");
  }
}

/**
 * GCM takes an IV of 12 bytes. In the format "12" these are the nonce's own
 * characters; in the format "24" the nonce is their hexadecimal form.
 *
 * @param {"12" | "24"} nonceFormat
 */
function createNonce(nonceFormat) {
  if (nonceFormat === "12") {
    const nonce = hex(crypto.getRandomValues(new Uint8Array(6)));
    return { nonce, iv: new TextEncoder().encode(nonce) };
  }
  if (nonceFormat === "24") {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { nonce: hex(iv), iv };
  }
  throw new EncryptionError("invalid_nonce_format", "The nonce format is neither 12 nor 24.");
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
