"""What encrypt.js makes is what DGS-Pay, here Python's cryptography, decrypts."""

import json
import re
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import Page

from tests.browser.conftest import SNIPPET

KEY = bytes(range(100, 132))
CARD = {
    "number": "4242 4242 4242 4242",
    "expiryMonth": "9",
    "expiryYear": "31",
    "cvv": "123",
}

Evaluate = Callable[[str], dict[str, Any]]
"""Runs a JavaScript expression, with encrypt.js as ``dgspay``, and awaits it."""


@pytest.fixture(params=["node", "chromium"])
def evaluate(request: pytest.FixtureRequest) -> Evaluate:
    return request.getfixturevalue(f"evaluate_in_{request.param}")


@pytest.fixture
def evaluate_in_node() -> Evaluate:
    def evaluate(expression: str) -> dict[str, Any]:
        program = f"""
            import * as dgspay from "./encrypt.js";
            console.log(JSON.stringify(await {expression}));
        """
        node = subprocess.run(
            ["node", "--input-type=module", "--eval", program],
            cwd=SNIPPET,
            check=True,
            capture_output=True,
        )
        return json.loads(node.stdout)

    return evaluate


@pytest.fixture
def evaluate_in_chromium(page: Page, snippet_url: str) -> Evaluate:
    page.goto(f"{snippet_url}/package.json")

    def evaluate(expression: str) -> dict[str, Any]:
        return page.evaluate(
            f"""async () => {{
                const dgspay = await import("/encrypt.js");
                return await {expression};
            }}"""
        )

    return evaluate


def javascript(*values: object) -> str:
    return ", ".join(json.dumps(value) for value in values)


NONCE_FORMATS: list[tuple[str, Callable[[str], bytes]]] = [
    ("12", str.encode),
    ("24", bytes.fromhex),
]


@pytest.mark.parametrize(("nonce_format", "iv"), NONCE_FORMATS)
def test_card_decrypts_to_what_dgspay_expects(
    evaluate: Evaluate, nonce_format: str, iv: Callable[[str], bytes]
) -> None:
    key = b64encode(KEY).decode()
    arguments = javascript(CARD, key, {"nonceFormat": nonce_format})

    card = evaluate(f"dgspay.encryptCard({arguments})")

    nonce = card.pop("card_nonce")
    assert re.fullmatch(rf"[0-9a-f]{{{nonce_format}}}", nonce)
    assert card.pop("type") == "card"
    aes = AESGCM(KEY)
    decrypted = {
        field: aes.decrypt(iv(nonce), b64decode(ciphertext), None)
        for field, ciphertext in card.items()
    }
    assert decrypted == {
        "card_encrypted_number": b"4242424242424242",
        "card_encrypted_expiry_month": b"09",
        "card_encrypted_expiry_year": b"2031",
        "card_encrypted_cvv": b"123",
    }


@pytest.mark.parametrize(("nonce_format", "iv"), NONCE_FORMATS)
def test_pin_decrypts_to_what_the_customer_typed(
    evaluate: Evaluate, nonce_format: str, iv: Callable[[str], bytes]
) -> None:
    key = b64encode(KEY).decode()
    arguments = javascript("1234", key, {"nonceFormat": nonce_format})

    pin = evaluate(f"dgspay.encryptPin({arguments})")

    ciphertext = b64decode(pin["auth_pin_encrypted"])
    assert AESGCM(KEY).decrypt(iv(pin["auth_pin_nonce"]), ciphertext, None) == b"1234"
    assert pin["type"] == "pin"


def test_page_without_https_is_told_so(page: Page, snippet_url: str) -> None:
    def answer_with_module(route: Any) -> None:
        is_module = route.request.url.endswith("encrypt.js")
        route.fulfill(
            body=(SNIPPET / "encrypt.js").read_text() if is_module else "<p>A shop</p>",
            content_type="text/javascript" if is_module else "text/html",
        )

    page.route("http://shop.example/**", answer_with_module)
    page.goto("http://shop.example/")
    key = b64encode(KEY).decode()

    code = page.evaluate(
        f"""async () => {{
            const dgspay = await import("/encrypt.js");
            const encrypted = dgspay.encryptCard({javascript(CARD, key)});
            return encrypted.catch((error) => error.code);
        }}"""
    )

    assert code == "insecure_context"
