"""What a log may repeat of DGS-Pay's own words."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgspay_plugin.provider.log_text import redact_for_log
from tests.unit.leaks import found_in


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Insufficient permissions", "Insufficient permissions"),
        (
            "card_encrypted_number: required (400)",
            "card_encrypted_number: required (400)",
        ),
        (None, "no message"),
        ("", "no message"),
        ("one\nline\tonly", "one line only"),
        ({"detail": "bad"}, " 'detail': 'bad' "),
    ],
)
def test_a_providers_text_is_shown(text: object, shown: str) -> None:
    assert redact_for_log(text) == shown


card_numbers = st.tuples(
    st.text("0123456789", min_size=12, max_size=19),
    st.sampled_from(["", " ", "-", ".", "/", "_", ",", ":"]),
).map(lambda card: card[1].join(card[0]))
grouped_card_numbers = st.tuples(
    st.lists(st.text("0123456789", min_size=4, max_size=4), min_size=3, max_size=4),
    st.sampled_from(["", " ", "-", ".", "/", "_", ",", " - "]),
).map(lambda card: card[1].join(card[0]))


@given(st.text(), card_numbers | grouped_card_numbers, st.text())
def test_no_card_number_is_shown(before: str, number: str, after: str) -> None:
    shown = redact_for_log(f"{before} {number} {after}")
    assert len(shown) <= 200
    assert re.search(r"\d(?:\W*\d){11,}", shown) is None


@pytest.mark.parametrize("secret", ["1234", "849201", "a1b2c3d4e5f6"])
def test_no_pin_or_otp_or_nonce_is_shown(secret: str) -> None:
    assert secret not in redact_for_log(f"auth_otp '{secret}' is wrong")


@given(
    st.binary(min_size=18, max_size=35).map(lambda raw: base64.b64encode(raw).decode())
)
def test_no_part_of_a_ciphertext_is_shown(ciphertext: str) -> None:
    shown = redact_for_log(f"invalid card_encrypted_cvv '{ciphertext}' for DGS-1")
    parts = [ciphertext[start : start + 8] for start in range(len(ciphertext) - 7)]
    assert found_in(shown, parts) == []
    assert shown.startswith("invalid card_encrypted_cvv '")
