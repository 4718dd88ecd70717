"""The documentation's tables say what the code does."""

from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.sandbox.cards import APPROVED, CARDS, SandboxCard
from dgspay_plugin.sandbox.credentials import RIGHT_OTP, RIGHT_PIN
from dgspay_plugin.sandbox.wallets import WALLETS
from tests.docs.pages import STOREFRONT, table


def test_every_error_is_explained() -> None:
    rows = [(code, sentence) for code, sentence, _ in table("Code")]

    assert rows == [(f"`{m.code}`", m.sentence) for m in CustomerMessage]


def test_every_test_card_is_listed() -> None:
    assert table("Card") == [(f"`{card.number}`", _effect(card)) for card in CARDS]


def test_every_test_number_is_listed() -> None:
    shown = [(f"`{wallet.number}`", wallet.description) for wallet in WALLETS]
    assert table("Mobile number") == shown


def test_pin_and_one_time_code_are_the_sandboxs() -> None:
    text = STOREFRONT.read_text()

    assert f"The PIN is `{RIGHT_PIN}`, the one-time code `{RIGHT_OTP}`" in text


def _effect(card: SandboxCard) -> str:
    issuer = card.behaviour.issuer
    return card.description + ("" if issuer == APPROVED else f": `{issuer}`")
