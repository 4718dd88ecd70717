"""Somebody has changed what is stored of a charge: the others are settled anyway."""

import re

import pytest

from tests.hosts.host import Host
from tests.scenarios import cards
from tests.scenarios.cardholder import Cardholder
from tests.scenarios.in_store import run_in_store
from tests.scenarios.records import assert_paid_once
from tests.scenarios.sandbox import Sandbox
from tests.scenarios.shop import Checkout
from tests.scenarios.store import Store

SPOIL = {
    "payments": """
from saleor.payment.models import Transaction

stored = Transaction.objects.filter(payment__checkout__email="{email}")
assert stored.update(gateway_response={spoiled}) == 1
""",
    "transactions": """
from saleor.payment.models import TransactionItem

item = TransactionItem.objects.get(checkout__email="{email}")
item.private_metadata["dgspay.outcomes"] = {spoiled!r}
item.save()
""",
}
# A TransactionItem's metadata are texts.
WAYS_TO_SPOIL = ["{", "[7]", '[{"record": {"outcome": 7}}]', "7"]


@pytest.fixture(params=WAYS_TO_SPOIL)
def spoiled(
    request: pytest.FixtureRequest, host: Host, store: Store, cardholder: Cardholder
) -> Checkout:
    """A checkout whose charge is pending, with a record that cannot be read."""
    checkout = store.new_checkout()
    store.pay(checkout, cardholder.card(cards.PENDING))
    value = request.param
    if store.api == "payments":
        # There it is JSON.
        value = repr([value])
    run_in_store(host, SPOIL[store.api].format(email=checkout.email, spoiled=value))
    return checkout


def test_reconcile_names_it_and_settles_the_others(
    host: Host,
    store: Store,
    sandbox: Sandbox,
    cardholder: Cardholder,
    spoiled: Checkout,
) -> None:
    sound = store.new_checkout()
    store.pay(sound, cardholder.card(cards.PENDING))
    for checkout in (spoiled, sound):
        sandbox.order_fault("webhook", drop=True)
        reference = sandbox.charge(checkout.email)["dgs_reference"]
        sandbox.change_charge(reference, transaction_status="successful")

    done = host.manage("dgspay_reconcile", "--since=1h")

    assert "Traceback" not in done.stderr
    assert re.search("What is stored of .+ cannot be read", done.stdout)
    assert done.returncode == 1
    assert_paid_once(store, sandbox, sound)


def test_nothing_is_charged_beside_it(
    store: Store, sandbox: Sandbox, cardholder: Cardholder, spoiled: Checkout
) -> None:
    before = sandbox.payment_requests()

    polled = store.complete(spoiled, cardholder.waiting())
    anew = store.pay(spoiled, cardholder.card(cards.APPROVED))

    assert polled.code == "payment_in_doubt"
    assert anew.code == "payment_in_doubt"
    assert sandbox.payment_requests() == before
