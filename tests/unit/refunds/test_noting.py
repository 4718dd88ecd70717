"""Refunds that are noted, by either API."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.app.models import App
from saleor.payment.interface import TransactionActionData
from saleor.payment.models import TransactionItem
from saleor.payment.utils import create_payment_information
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.records.paid_without_order import PaidWithoutOrder
from dgspay_plugin.records.refunds import UNCONFIRMED_KEY, unconfirmed_refunds
from dgspay_plugin.transactions_api.plugin import DgsPayTransactionsPlugin
from tests.unit.dgspay import Provider
from tests.unit.merchant import GATEWAY
from tests.unit.refunds.staff import (
    FIRST,
    SECOND,
    PaymentsStaff,
    Staff,
    TransactionsStaff,
    note_refunds,
    shown,
    waiting,
)
from tests.unit.shop import Shop

SUCCESS, FAILURE = "refund_success", "refund_failure"


def test_refund_is_noted_and_stands_as_a_problem(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    assert staff.ask_for(None) == str(CustomerMessage.REFUND_NOTED)

    assert staff.left() == 0
    [refund] = unconfirmed_refunds(GATEWAY)
    assert refund.reference == FIRST
    assert refund.dgs_reference == "DGS-1"
    assert str(refund.money) == "12000 RWF"
    assert timezone.now() - refund.noted_at < timedelta(minutes=1)
    assert shown() == [f"refund_to_send:{FIRST}"]
    [told] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    for fact in (FIRST, "12000 RWF", "reference DGS-1", "merchant portal"):
        assert fact in told


def test_other_refunds_that_wait_are_not_read_to_tell_of_one(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = PaymentsStaff(shop, provider)
    with CaptureQueriesContext(connection) as alone:
        staff.ask_for(5000)
    for number in range(2, 9):
        waits = {UNCONFIRMED_KEY: f"DGS-{number}-refund-1"}
        shop.new_payment(psp_reference=f"DGS-{number}", private_metadata=waits)
    with CaptureQueriesContext(connection) as among_others:
        staff.ask_for(5000)
    assert len(among_others) == len(alone)
    assert shown() == [f"refund_to_send:{SECOND}", f"refund_to_send:{FIRST}"]


def test_order_is_named(choice: None, shop: Shop, provider: Provider) -> None:
    staff = PaymentsStaff(shop, provider)
    staff.ask_for(None)
    [refund] = unconfirmed_refunds(GATEWAY)
    assert refund.order_number == str(staff.record.order.number)
    assert f"order {refund.order_number}" in refund.sentence.problem.sentence


def test_parts_are_noted_each(staff: Staff) -> None:
    for amount in (5000, 7000):
        assert staff.ask_for(amount) == str(CustomerMessage.REFUND_NOTED)
    assert staff.left() == 0
    refunds = {r.reference: r.money.amount for r in unconfirmed_refunds(GATEWAY)}
    assert refunds == {FIRST: 5000, SECOND: 7000}
    assert len(shown()) == 2


@pytest.mark.parametrize("amount", [12001, 7001, 0])
def test_more_than_is_left_is_refused(staff: Staff, amount: int) -> None:
    staff.ask_for(5000)
    assert staff.ask_for(amount) != str(CustomerMessage.REFUND_NOTED)
    assert staff.left() == 7000
    assert waiting() == [FIRST]
    assert shown() == [f"refund_to_send:{FIRST}"]


def test_payments_hook_itself_notes_no_more_than_is_left(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = PaymentsStaff(shop, provider)
    asked = create_payment_information(staff.record, amount=Decimal(12001))
    asked.order_id = "12"
    answer = _plugin(shop).refund_payment(asked, None)
    assert not answer.is_success
    assert answer.error == str(CustomerMessage.REFUND_TOO_HIGH)
    assert waiting() == []


def test_request_that_comes_twice_is_noted_once(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)
    request = staff.request(5000)
    app = App.objects.get(identifier=GATEWAY)
    plugin = DgsPayTransactionsPlugin(configuration=[], active=True)
    for _ in range(2):
        asked = TransactionActionData(
            "refund", staff.record, request, app, Decimal(5000)
        )
        plugin.transaction_refund_requested(asked, previous_value=None)
        assert staff.record.charged_value == 7000
    assert staff.record.events.filter(type=SUCCESS).count() == 1
    assert not staff.record.events.filter(type=FAILURE).exists()
    assert waiting() == [FIRST]


def test_transactions_of_others_are_left_to_them(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)
    TransactionItem.objects.update(app_identifier="another.gateway")
    staff.record.refresh_from_db()
    assert "DGS-Pay" not in staff.ask_for(5000)
    assert staff.left() == 12000


def test_what_saleor_rolls_back_is_neither_noted_nor_told(
    choice: None, shop: Shop, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    staff = PaymentsStaff(shop, provider)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        staff.ask_for(None)
        raise ZeroDivisionError
    assert staff.left() == 12000
    assert waiting() == []
    assert shown() == []
    assert FIRST not in caplog.text


def test_without_the_choice_it_is_refused_as_before(staff: Staff) -> None:
    note_refunds(False)
    assert staff.ask_for(None) == str(CustomerMessage.REFUND_IN_PORTAL)
    assert staff.left() == 12000
    assert waiting() == []
    assert shown() == []


def test_choice_is_not_made_by_an_upgrade(shop: Shop) -> None:
    """Saleor gives a field that is new its default."""
    saved = PluginConfiguration.objects.get(identifier=GATEWAY).configuration
    assert "note_refunds" not in {field["name"] for field in saved}
    plugin = DgsPayPlugin(configuration=saved, active=True)
    upgraded = plugin.get_plugin_configuration(saved)
    assert {f["name"]: f["value"] for f in upgraded}["note_refunds"] is False


def test_refund_of_a_paid_checkout_without_an_order_is_no_choice(
    choice: None, shop: Shop, cache: None
) -> None:
    payment = shop.new_payment(psp_reference="DGS-1", captured_amount=12000)
    asked = create_payment_information(payment)
    with pytest.raises(PaidWithoutOrder):
        try:
            raise ValidationError("Albums are sold out.")
        except ValidationError:
            _plugin(shop).refund_payment(asked, None)
    assert waiting() == []


def test_dashboard_s_button_follows_the_choice(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)

    def actions() -> list[str]:
        staff.record.refresh_from_db()
        return list(staff.record.available_actions)

    assert actions() == ["refund"]
    note_refunds(False)
    assert actions() == []
    note_refunds(True)
    assert actions() == ["refund"]
    staff.ask_for(5000)
    assert actions() == ["refund"]
    staff.ask_for(None)
    assert actions() == []
    note_refunds(True)
    assert actions() == []


def _plugin(shop: Shop) -> DgsPayPlugin:
    """The channel's, as Saleor holds it."""
    plugins = get_plugins_manager(allow_replica=False).get_plugins(shop.channel.slug)
    [plugin] = [plugin for plugin in plugins if isinstance(plugin, DgsPayPlugin)]
    return plugin
