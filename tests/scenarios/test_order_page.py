"""Staff open the order, and see what it was paid with and where to look it up."""

from collections.abc import Iterator
from typing import Any

import pytest

from dgspay_plugin.sandbox import credentials
from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.apis import only_with_payments, only_with_transactions
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.store import Store

PORTAL = "https://portal.example/#/payments/{reference}/details"
# Saleor has them from 3.22, and the stand-in has none.
METHOD_DETAILS = """
from saleor.payment.models import TransactionItem

item = TransactionItem.objects.get(psp_reference="{reference}")
print(getattr(item, "payment_method_type", None), "-",
      getattr(item, "payment_method_name", None), "-",
      getattr(item, "cc_last_digits", None) or "no digits")
"""


@pytest.fixture
def store_with_portal(store: Store, sandbox: Sandbox) -> Iterator[Store]:
    for currency in ("RWF", "USD"):
        assert not store.configure(currency, portal_url=PORTAL)
    yield store
    for currency in ("RWF", "USD"):
        assert not store.configure(currency, portal_url="")


@only_with_transactions
def test_transaction_has_name_message_and_link(
    store_with_portal: Store, cardholder: Cardholder
) -> None:
    page, reference = _pay(store_with_portal, cardholder)

    (item,) = page["transactions"]
    assert item["name"] == "DGS-Pay card"
    assert (
        item["externalUrl"] == f"https://portal.example/#/payments/{reference}/details"
    )
    success = [e for e in item["events"] if e["type"] == "CHARGE_SUCCESS"]
    assert [e["message"] for e in success] == ["Paid with DGS-Pay card."]


@only_with_transactions
def test_no_link_where_the_portal_s_address_is_not_known(
    store: Store, cardholder: Cardholder
) -> None:
    page, _ = _pay(store, cardholder)

    (item,) = page["transactions"]
    assert item["name"] == "DGS-Pay card"
    assert item["externalUrl"] == ""


@only_with_transactions
def test_webhook_tells_what_the_lost_answer_did_not(
    store_with_portal: Store, sandbox: Sandbox, cardholder: Cardholder
) -> None:
    store = store_with_portal
    sandbox.order_fault("charge", cut="after")
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.APPROVED))
    sandbox.wait_for_webhook(checkout.email)
    store.complete(checkout, cardholder.waiting())

    reference = sandbox.charge(checkout.email)["dgs_reference"]
    (item,) = store.order_page(store.order(checkout)["id"])["transactions"]
    assert item["name"] == "DGS-Pay card"
    assert item["externalUrl"].endswith(f"/{reference}/details")


@only_with_transactions
def test_method_of_a_transaction_is_a_card_without_its_digits(
    host: Host, store: Store, cardholder: Cardholder
) -> None:
    _, reference = _pay(store, cardholder)

    stored = run_in_store(host, METHOD_DETAILS.format(reference=reference))

    if host.name == "saleor":
        assert stored.splitlines()[-1] == "card - DGS-Pay card - no digits"


@only_with_payments
def test_method_of_a_payment_is_a_card_without_its_digits(
    store: Store, cardholder: Cardholder
) -> None:
    page, _ = _pay(store, cardholder)

    (payment,) = page["payments"]
    assert payment["paymentMethodType"] == "card"
    assert payment.get("creditCard") is None


@only_with_payments
@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("portal.example/{reference}", "Must be a URL"),
        ("javascript:alert('{reference}')", "Must be a URL"),
        ("http://portal.example/{reference}", "Must begin with https://"),
        ("https://{reference}.example/", "Must have {reference} after the host"),
        (f"https://portal.example/{'a' * 150}", "Must not be longer"),
    ],
)
def test_portal_s_address_that_is_none_is_refused(
    store: Store, address: str, problem: str
) -> None:
    before = store.configuration("RWF")["portal_url"]

    ((field, message),) = store.configure("RWF", portal_url=address)

    assert field == "portalUrl"
    assert message.startswith(problem)
    assert credentials.API_KEY not in message
    assert store.configuration("RWF")["portal_url"] == before


def _pay(store: Store, cardholder: Cardholder) -> tuple[dict[str, Any], str]:
    """Pay a checkout; what the order page says, and DGS-Pay's reference."""
    checkout = store.new_checkout()
    order_id = store.pay(checkout, cardholder.card(cards.APPROVED)).order_id
    assert order_id
    (payment,) = store.order(checkout)["payments"]
    return store.order_page(order_id), payment.reference
