"""What a payment may cost: HTTP requests, connections and database queries."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.payment.utils import create_payment_information

from tests.bench.provider import Provider
from tests.structure.audit import input_and_output_of
from tests.unit.browser import card_data, pin_data
from tests.unit.shop import Shop


def pay(plugin: Any, shop: Shop) -> Any:
    payment = shop.new_payment()
    information = create_payment_information(payment, additional_data=card_data())
    return plugin.process_payment(information, None)


def use_provider(shop: Shop, provider: Provider) -> None:
    shop.configuration = shop.configuration.model_copy(
        update={"sandbox_url": provider.api_url}
    )


def test_payment_approved_at_once_takes_two_requests(
    shop: Shop, plugin: Any, provider: Provider
) -> None:
    """The charge, and the amount, which a charge's answer does not name."""
    assert pay(plugin, shop).kind == "capture"
    assert provider.requests == 2


def test_payments_share_a_connection(
    shop: Shop, plugin: Any, provider: Provider
) -> None:
    for _ in range(5):
        assert pay(plugin, shop).is_success
    assert len(provider.connections) == 1


def test_payment_asks_no_cache(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a payment has to remember is in the database."""
    backend, commands = caches["default"], []
    for name in ("add", "get", "set", "delete", "incr", "touch"):
        real = getattr(backend, name)

        def noted(*arguments: Any, name: str = name, real: Any = real) -> Any:
            commands.append(name)
            return real(*arguments)

        monkeypatch.setattr(backend, name, noted)
    use_provider(shop, provider)
    assert shop.press(shop.new_payment(), card_data()).is_success
    assert commands == []


def test_next_payment_opens_nothing(shop: Shop, plugin: Any) -> None:
    """No connection, no file: proxies and certificates are those of the first."""
    assert input_and_output_of(lambda: pay(plugin, shop))
    assert not input_and_output_of(lambda: pay(plugin, shop))


def test_step_takes_a_request_and_the_last_one_two(
    shop: Shop, plugin: Any, provider: Provider
) -> None:
    payment = shop.new_payment()
    provider.next_action = "pin"
    use_provider(shop, provider)
    assert shop.press(payment, card_data()).action_required
    assert provider.requests == 1
    information = create_payment_information(payment, additional_data=pin_data())
    with CaptureQueriesContext(connection) as queries:
        assert plugin.confirm_payment(information, None).kind == "capture"
    assert provider.requests == 3
    assert len(queries) <= 1, queries.captured_queries


def test_mark_of_an_attempt_takes_three_queries(shop: Shop, plugin: Any) -> None:
    """The payment, its outcomes, and the mark."""
    info = SimpleNamespace(checkout=shop.new_payment().checkout)
    with CaptureQueriesContext(connection) as queries:
        plugin.preprocess_order_creation(info, [], None)
    assert len(queries) <= 3, queries.captured_queries


def test_payment_takes_one_query(shop: Shop, plugin: Any) -> None:
    """The checkout's total and other payments, the mark, and the way back."""
    payment = shop.new_payment()
    information = create_payment_information(payment, additional_data=card_data())
    with CaptureQueriesContext(connection) as queries:
        assert plugin.process_payment(information, None).is_success
    assert len(queries) <= 1, queries.captured_queries


@pytest.mark.parametrize("earlier", [1, 5])
def test_earlier_payments_take_five_more_queries(
    shop: Shop, plugin: Any, earlier: int
) -> None:
    checkout = shop.new_checkout()
    for _ in range(earlier):
        shop.new_payment(checkout)
    payment = shop.new_payment(checkout)
    information = create_payment_information(payment, additional_data=card_data())
    with CaptureQueriesContext(connection) as queries:
        assert plugin.process_payment(information, None).is_success
    assert len(queries) <= 6, queries.captured_queries
