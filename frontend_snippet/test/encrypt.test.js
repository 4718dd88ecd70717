import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";

import { encryptCard, encryptPin } from "../encrypt.js";

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString("base64");
const CARD = { number: "4242 4242 4242 4242", expiryMonth: "9", expiryYear: "31", cvv: "123" };
const RANDOM_BYTES = [0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6, 0x07, 0x18, 0x29, 0x3a, 0x4b, 0x5c];

/**
 * @param {() => Promise<void>} run
 */
async function withFixedRandomness(run) {
  const fixed = mock.method(crypto, "getRandomValues", (/** @type {Uint8Array} */ array) => {
    array.set(RANDOM_BYTES.slice(0, array.length));
    return array;
  });
  try {
    await run();
  } finally {
    fixed.mock.restore();
  }
}

// The expected values come from Python's `cryptography`:
// b64encode(AESGCM(key).encrypt(iv, plaintext, None)).
describe("known answers", () => {
  it("encrypts a card with the 12 characters of the nonce as IV", () =>
    withFixedRandomness(async () => {
      assert.deepEqual(await encryptCard(CARD, KEY), {
        type: "card",
        card_encrypted_number: "N5uIG65pEvaXYnBcEDtUZN1Bdgn2uowNqdZY6k+N6m8=",
        card_encrypted_expiry_month: "M5AO5n+Kyokkg3NBMzWNNQUX",
        card_encrypted_expiry_year: "MZmPGLDc9e4vkyndaPmNMa8yjdM=",
        card_encrypted_cvv: "MpuPp2Dzl5YTEqUuTKfAjn9rkA==",
        card_nonce: "a1b2c3d4e5f6",
      });
    }));

  it("encrypts a card with the 12 decoded bytes of a nonce of 24 characters as IV", () =>
    withFixedRandomness(async () => {
      const encrypted = await encryptCard(CARD, KEY, { nonceFormat: "24" });
      assert.equal(encrypted.card_nonce, "a1b2c3d4e5f60718293a4b5c");
      assert.equal(encrypted.card_encrypted_number, "NhRVy6sAU/qANw20AkZoMnhSx2vZ7AYm1CTGr353Gog=");
    }));

  it("encrypts a PIN", () =>
    withFixedRandomness(async () => {
      assert.deepEqual(await encryptPin("1234", KEY), {
        type: "pin",
        auth_pin_encrypted: "MpuPHWaM00UX4Lrh9aPMhgvsLys=",
        auth_pin_nonce: "a1b2c3d4e5f6",
      });
    }));
});

describe("what the customer typed", () => {
  it("means the same however it is spaced and padded", () =>
    withFixedRandomness(async () => {
      const spelledOut = {
        number: "4242-4242-4242-4242 ",
        expiryMonth: 9,
        expiryYear: 2031,
        cvv: " 123",
      };
      assert.deepEqual(await encryptCard(spelledOut, KEY), await encryptCard(CARD, KEY));
    }));

  /** @type {[string, Partial<import("../encrypt.js").Card>][]} */
  const wrongFields = [
    ["invalid_number", { number: "4242" }],
    ["invalid_number", { number: "4242 4242 4242 424x" }],
    ["invalid_month", { expiryMonth: "13" }],
    ["invalid_month", { expiryMonth: "0" }],
    ["invalid_year", { expiryYear: "1999" }],
    ["invalid_year", { expiryYear: "203" }],
    ["invalid_cvv", { cvv: "12" }],
    ["invalid_cvv", { cvv: undefined }],
  ];
  for (const [code, field] of wrongFields) {
    it(`is refused with ${code}: ${JSON.stringify(field)}`, async () => {
      await assert.rejects(encryptCard({ ...CARD, ...field }, KEY), {
        name: "EncryptionError",
        code,
      });
    });
  }

  it("is refused as a PIN unless it is four to twelve digits", async () => {
    for (const pin of ["123", "1234567890123", "12a4", ""]) {
      await assert.rejects(encryptPin(pin, KEY), { code: "invalid_pin" });
    }
  });

  it("is never repeated by an error", async () => {
    const typed = "4242 4242 4242 424";
    await assert.rejects(encryptCard({ ...CARD, number: typed, cvv: "9" }, KEY), (error) => {
      assert(error instanceof Error);
      assert.doesNotMatch(`${error.message}${error.stack}`, /4242/);
      return true;
    });
  });
});

describe("the key", () => {
  it("is refused unless it is base64 of 32 bytes", async () => {
    for (const key of ["", "not base64!", btoa("sixteen bytes...")]) {
      await assert.rejects(encryptCard(CARD, key), { code: "invalid_key" });
    }
  });

  it("cannot be read back from the browser's key store", async () => {
    const importKey = mock.method(crypto.subtle, "importKey");
    try {
      await encryptPin("1234", KEY);
      const key = await importKey.mock.calls[0]?.result;
      assert(key instanceof CryptoKey);
      assert.equal(key.extractable, false);
      assert.deepEqual(key.usages, ["encrypt"]);
    } finally {
      importKey.mock.restore();
    }
  });
});

it("takes a fresh nonce for each card and PIN", async () => {
  const cards = await Promise.all(Array.from({ length: 50 }, () => encryptCard(CARD, KEY)));
  const pins = await Promise.all(Array.from({ length: 50 }, () => encryptPin("1234", KEY)));
  const nonces = [
    ...cards.map((card) => card.card_nonce),
    ...pins.map((pin) => pin.auth_pin_nonce),
  ];
  assert.equal(new Set(nonces).size, nonces.length);
});

it("says that it needs a secure page where WebCrypto is missing", async () => {
  const subtle = mock.getter(crypto, "subtle", () => undefined);
  try {
    await assert.rejects(encryptCard(CARD, KEY), { code: "insecure_context" });
  } finally {
    subtle.mock.restore();
  }
});

it("refuses a nonce format that DGS-Pay does not have", async () => {
  const nonceFormat = /** @type {"12"} */ ("16");
  await assert.rejects(encryptCard(CARD, KEY, { nonceFormat }), { code: "invalid_nonce_format" });
});
