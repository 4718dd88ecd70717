"""What the owner sets up in the dashboard, and what the storefront learns of it."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dgspay_plugin.sandbox import credentials
from tests.scenarios import cards
from tests.scenarios.apis import whatever_the_api
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.records import assert_nothing_paid, assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.shop import PLUGIN_ID
from tests.scenarios.store import Store

pytestmark = whatever_the_api

BAD_VALUES = {
    "environment": "production",
    "api_key": "not the right key",
    "account_number": "ACC 0001234",
    "encryption_key": base64.b64encode(b"too short").decode(),
    "webhook_secret": "",
    "supported_currencies": "RWF,FRANC",
    "payment_methods": "card,bank_transfer",
    "return_url": "http://shop.example/checkout",
    "narration": "",
    "nonce_format": "16",
    "sandbox_url": "ftp://127.0.0.1/generation/v2",
}


@pytest.fixture
def restored_configuration(store: Store, sandbox: Sandbox) -> Iterator[None]:
    yield
    store.configure_for_sandbox(sandbox.url)


@pytest.mark.parametrize("field", BAD_VALUES)
@pytest.mark.usefixtures("restored_configuration")
def test_each_mistake_is_shown_on_its_field(
    store: Store, sandbox: Sandbox, field: str
) -> None:
    before = len(sandbox.arrivals())

    mistake: dict[str, Any] = {field: BAD_VALUES[field]}
    errors = store.configure("RWF", **mistake)

    assert [error_field for error_field, _ in errors] == [_camel_case(field)]
    assert len(sandbox.arrivals()) == before


@pytest.mark.usefixtures("restored_configuration")
def test_credentials_are_tried_on_save(store: Store) -> None:
    ((field, message),) = store.configure("RWF", api_key="wrong-api-key")

    assert field == "apiKey"
    assert "wrong-api-key" not in message
    assert not store.configure("RWF", api_key=credentials.API_KEY)


@pytest.mark.usefixtures("restored_configuration")
def test_sandbox_fields_must_be_empty_in_live(store: Store) -> None:
    errors = store.configure("RWF", environment="live", api_key="pk-0123456789")

    assert [field for field, _ in errors] == ["environment"]


@pytest.mark.usefixtures("restored_configuration")
def test_mobile_money_needs_its_currency(store: Store) -> None:
    errors = store.configure(
        "USD", supported_currencies="USD", payment_methods="mobile_money"
    )

    assert [field for field, _ in errors] == ["paymentMethods"]


@pytest.mark.usefixtures("restored_configuration")
def test_unfinished_configuration_may_be_saved_inactive(store: Store) -> None:
    assert not store.configure("RWF", active=False, encryption_key="")


def test_secrets_are_masked_in_the_dashboard(store: Store) -> None:
    shown = store.configuration("RWF")

    assert credentials.API_KEY not in str(shown["api_key"])
    assert credentials.WEBHOOK_SECRET not in str(shown["webhook_secret"])


def test_dashboard_shows_where_webhooks_go(store: Store) -> None:
    url = store.configuration("RWF")["webhook_url"]

    assert url
    assert url.endswith(f"/plugins/channel/shop-rwf/{PLUGIN_ID}/webhook/")


def test_storefront_learns_what_the_browser_needs_and_no_more(store: Store) -> None:
    gateway = store.gateways(store.new_checkout())[PLUGIN_ID]

    assert {line["field"]: line["value"] for line in gateway["config"]} == {
        "encryption_key": credentials.ENCRYPTION_KEY,
        "environment": "sandbox",
        "nonce_format": "12",
        "payment_methods": "card,mobile_money",
    }
    assert gateway["currencies"] == ["RWF", "USD"]


@pytest.mark.usefixtures("restored_configuration")
def test_inactive_gateway_is_not_offered(store: Store) -> None:
    checkout = store.new_checkout()
    assert PLUGIN_ID in store.gateways(checkout)

    store.configure("RWF", active=False)

    assert PLUGIN_ID not in store.gateways(checkout)


@pytest.mark.usefixtures("restored_configuration")
def test_each_channel_has_its_own_configuration(store: Store) -> None:
    store.configure("USD", active=False)

    assert PLUGIN_ID in store.gateways(store.new_checkout("RWF"))
    assert PLUGIN_ID not in store.gateways(store.new_checkout("USD"))


@pytest.mark.usefixtures("restored_configuration")
def test_gateway_is_offered_only_for_its_currencies(store: Store) -> None:
    store.configure("USD", supported_currencies="RWF")

    assert PLUGIN_ID not in store.gateways(store.new_checkout("USD"))


@pytest.mark.usefixtures("restored_configuration")
def test_scenario_of_the_sandbox_is_played(
    store: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    store.configure("RWF", scenario_key="scenario:auth_pin&issuer:insufficient_funds")
    checkout = store.new_checkout()

    assert store.pay(checkout, cardholder.card(cards.APPROVED)).asks_for == "pin"
    assert store.complete(checkout, cardholder.pin()).code == "insufficient_funds"
    assert_nothing_paid(store, sandbox, checkout)


@pytest.mark.usefixtures("restored_configuration")
def test_nonce_of_24_characters(
    store: Store, cardholder: Cardholder, tmp_path: Path
) -> None:
    """As the text of DGS-Pay's page has it, where its code makes 12."""
    with Sandbox(tmp_path, "--nonce-format=24") as sandbox:
        store.configure("RWF", nonce_format="24", sandbox_url=sandbox.url)
        checkout = store.new_checkout()
        short = store.pay(checkout, cardholder.card(cards.PIN))
        asked = store.pay(checkout, cardholder.card(cards.PIN, nonce_format="24"))
        store.complete(checkout, cardholder.pin(nonce_format="24"))

        assert short.code == "invalid_card_data"
        assert asked.asks_for == "pin"
        assert_paid_once(store, sandbox, checkout)


def _camel_case(name: str) -> str:
    """A field's name as Saleor writes it in errors."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
