"""Refunds that are noted, by either API, until somebody confirms them."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from saleor.app.models import App
from saleor.channel import TransactionFlowStrategy
from saleor.payment import PaymentError, gateway
from saleor.payment.interface import PaymentGatewayData, TransactionActionData
from saleor.payment.models import Payment, TransactionEvent, TransactionItem
from saleor.payment.utils import (
    create_payment_information,
    handle_transaction_initialize_session,
)
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.outcome import ProviderTransaction, TransactionStatus
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.plugin import DgsPayPlugin
from dgspay_plugin.reconciliation import (
    Account,
    Reconciliation,
    Report,
    reconcile_all,
)
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.ledger import Ledger, still_waiting
from dgspay_plugin.records.paid_without_order import PaidWithoutOrder
from dgspay_plugin.records.payments import settle_payment
from dgspay_plugin.records.refunds import (
    UNCONFIRMED_KEY,
    NoSuchRefund,
    Refund,
    confirm,
    reopen,
    unconfirmed_refunds,
)
from dgspay_plugin.transactions_api.plugin import DgsPayTransactionsPlugin
from tests.unit.browser import card_data
from tests.unit.dgspay import PAID, PENDING, Provider
from tests.unit.merchant import GATEWAY
from tests.unit.shop import Shop

SUCCESS, FAILURE = "refund_success", "refund_failure"
FIRST, SECOND = "DGS-1-refund-1", "DGS-1-refund-2"


class PaymentsStaff:
    """Staff who ask for refunds of a Payment, in the dashboard."""

    def __init__(self, shop: Shop, provider: Provider) -> None:
        self._shop = shop
        provider.tells("POST charges", PENDING)
        self.record = shop.new_payment()
        shop.press(self.record, card_data())
        charged = ProviderTransaction(
            "DGS-1",
            TransactionStatus("successful"),
            amount=Decimal(12000),
            currency="RWF",
        )
        settle_payment(self.record.pk, charged)
        self.record.refresh_from_db()

    def ask_for(self, amount: int | None) -> str:
        """Ask for a refund; return what staff read."""
        try:
            refunded = gateway.refund(
                self.record,
                get_plugins_manager(allow_replica=False),
                self._shop.channel.slug,
                amount and Decimal(amount),
            )
        except PaymentError as error:
            return str(error)
        return str(refunded.error)

    def left(self) -> Decimal:
        self.record.refresh_from_db()
        return self.record.captured_amount


class TransactionsStaff:
    """Staff who ask for refunds of a TransactionItem."""

    def __init__(self, shop: Shop, provider: Provider) -> None:
        self._shop = shop
        provider.tells("POST charges", PAID)
        self.record, _, _ = handle_transaction_initialize_session(
            source_object=shop.new_checkout(),
            payment_gateway_data=PaymentGatewayData(GATEWAY, card_data()),
            amount=Decimal(12000),
            action=TransactionFlowStrategy.CHARGE,
            customer_ip_address=None,
            app=App.objects.get(identifier=GATEWAY),
            manager=get_plugins_manager(allow_replica=False),
            idempotency_key="key-1",
        )

    def request(self, amount: int | None) -> TransactionEvent:
        """What Saleor writes down before it asks the plugins."""
        return self.record.events.create(
            type="refund_request",
            amount_value=self.left() if amount is None else amount,
            currency="RWF",
        )

    def ask_for(self, amount: int | None) -> str:
        request = self.request(amount)
        gateway.request_refund_action(
            transaction=self.record,
            manager=get_plugins_manager(allow_replica=False),
            refund_value=request.amount_value,
            request_event=request,
            channel_slug=self._shop.channel.slug,
            user=None,
            app=None,
        )
        (answer,) = self.record.events.filter(pk__gt=request.pk)
        return str(answer.message)

    def left(self) -> Decimal:
        self.record.refresh_from_db()
        return self.record.charged_value


Staff = PaymentsStaff | TransactionsStaff


def note_refunds(is_chosen: bool) -> None:
    """What the dashboard does with the owner's choice."""
    DgsPayPlugin.save_plugin_configuration(
        PluginConfiguration.objects.get(identifier=GATEWAY),
        {"configuration": [{"name": "note_refunds", "value": is_chosen}]},
    )


@pytest.fixture
def choice(shop: Shop, provider: Provider) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    provider.tells("GET balance", {"balance": 1})
    note_refunds(True)


@pytest.fixture(params=[PaymentsStaff, TransactionsStaff])
def staff(
    request: pytest.FixtureRequest, choice: None, shop: Shop, provider: Provider
) -> Iterator[Staff]:
    staff: Staff = request.param(shop, provider)
    sent = len(provider.called)
    yield staff
    # Whatever is noted, DGS-Pay is asked for nothing but how things stand.
    assert all(call.startswith("GET ") for call in provider.called[sent:])


def shown() -> list[str]:
    app = App.objects.get(identifier=GATEWAY)
    return [problem.key for problem in app.problems.filter(dismissed=False)]


def waiting() -> list[str]:
    return [refund.reference for refund in unconfirmed_refunds(GATEWAY)]


# Noting


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


# Confirming


def test_confirmed_refund_waits_no_more(staff: Staff) -> None:
    staff.ask_for(5000)
    staff.ask_for(7000)
    told = _command("confirm", FIRST)
    assert FIRST in told
    assert waiting() == [SECOND]
    assert shown() == [f"refund_to_send:{SECOND}"]
    _command("confirm", SECOND)
    assert waiting() == []
    assert shown() == []
    staff.record.refresh_from_db()
    assert UNCONFIRMED_KEY not in staff.record.private_metadata
    assert staff.left() == 0


@pytest.mark.parametrize("mistake", ["DGS-1-refund-9", "DGS-1", "", FIRST[:-1]])
def test_mistake_confirms_nothing(staff: Staff, mistake: str) -> None:
    staff.ask_for(5000)
    with pytest.raises(CommandError, match="Nothing was changed"):
        _command("confirm", FIRST, mistake)
    assert waiting() == [FIRST]
    assert shown() == [f"refund_to_send:{FIRST}"]


def test_refund_is_confirmed_once(staff: Staff) -> None:
    staff.ask_for(None)
    _command("confirm", FIRST, FIRST)
    with pytest.raises(CommandError, match=FIRST):
        _command("confirm", FIRST)


def test_who_was_slower_confirms_nothing(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two confirm at once: both have read that it waits."""
    staff.ask_for(None)
    stale: list[Refund] = unconfirmed_refunds(GATEWAY)
    confirm(GATEWAY, [FIRST])
    monkeypatch.setattr(
        "dgspay_plugin.records.refunds.unconfirmed_refunds", lambda gateway: stale
    )
    with pytest.raises(NoSuchRefund):
        confirm(GATEWAY, [FIRST])


def test_reopened_refund_waits_as_before(
    staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    staff.ask_for(5000)
    staff.ask_for(7000)
    _command("confirm", FIRST, SECOND)
    caplog.clear()

    assert f"Waits again: {FIRST}, 5000 RWF." in _command("reopen", FIRST)

    assert waiting() == [FIRST]
    assert shown() == [f"refund_to_send:{FIRST}"]
    [told] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert FIRST in told
    assert staff.left() == 0
    _command("confirm", FIRST)
    assert waiting() == []


@pytest.mark.parametrize("mistake", [SECOND, "DGS-1-refund-9", "DGS-1", ""])
def test_mistake_reopens_nothing(staff: Staff, mistake: str) -> None:
    staff.ask_for(5000)
    staff.ask_for(7000)
    _command("confirm", FIRST)
    with pytest.raises(CommandError, match="Nothing was changed"):
        _command("reopen", FIRST, mistake)
    assert waiting() == [SECOND]
    assert shown() == [f"refund_to_send:{SECOND}"]


def test_refund_of_another_gateway_is_not_reopened(staff: Staff) -> None:
    staff.ask_for(None)
    confirm(GATEWAY, [FIRST])
    with pytest.raises(NoSuchRefund):
        reopen("another.gateway", [FIRST])


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_list_names_what_waits(staff: Staff, arguments: tuple[str, ...]) -> None:
    assert "No refund waits" in _command(*arguments)
    staff.ask_for(5000)
    told = _command(*arguments)
    for fact in (FIRST, "5000 RWF", f"{timezone.now():%Y-%m-%d}", "order"):
        assert fact in told
    assert SECOND not in told


@pytest.mark.parametrize("arguments", [("confirm",), ("refund", FIRST)])
def test_command_that_is_not_understood(
    staff: Staff, arguments: tuple[str, ...]
) -> None:
    staff.ask_for(None)
    with pytest.raises(CommandError):
        _command(*arguments)
    assert waiting() == [FIRST]


# The reconciliation


def test_reconciliation_finds_it_at_any_age_until_it_is_confirmed(
    staff: Staff, provider: Provider
) -> None:
    staff.ask_for(None)
    app = App.objects.get(identifier=GATEWAY)
    app.problems.all().delete()

    for _ in range(2):
        report = _reconcile(provider, [{**PAID, "status": "success"}])
        [told] = report.for_a_person
        assert FIRST in told
        assert shown() == [f"refund_to_send:{FIRST}"]

    app.problems.update(created_at=timezone.now() - timedelta(days=9))
    confirm(GATEWAY, [FIRST])
    report = _reconcile(provider, [{**PAID, "status": "success"}])
    assert report.for_a_person == []
    assert report.outcomes == {}
    assert shown() == []


@pytest.mark.parametrize(
    "there",
    [[], [{**PAID, "amount": 7000}], [PAID]],
    ids=["not listed", "listed with what is left", "listed as it was"],
)
def test_refunded_charge_is_no_difference_however_dgspay_lists_it(
    staff: Staff, shop: Shop, provider: Provider, there: list[dict[str, Any]]
) -> None:
    staff.ask_for(5000)
    provider.tells("GET transactions[?]*", {"data": there, "pagination": {"pages": 1}})
    provider.tells("GET transactions/DGS-1", {**PAID, "amount": 7000})
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    since = timezone.now() - timedelta(days=1)
    list(Reconciliation(account, report).compare_captures(since))
    assert report.for_a_person == []


def test_other_amount_than_what_is_left_is_a_difference(
    staff: Staff, shop: Shop, provider: Provider
) -> None:
    staff.ask_for(5000)
    there = [{**PAID, "amount": 6000}]
    provider.tells("GET transactions[?]*", {"data": there, "pagination": {"pages": 1}})
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    since = timezone.now() - timedelta(days=1)
    list(Reconciliation(account, report).compare_captures(since))
    [told] = report.for_a_person
    assert "captured 12000 RWF here, 6000 RWF there" in told


def test_refunded_transaction_does_not_wait_for_an_outcome(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)
    staff.ask_for(None)
    ledger = Ledger(GATEWAY, (shop.channel.slug,))
    assert ledger.waiting_since(timezone.now() - timedelta(days=1)) == []
    named = [ChargeId("transaction", staff.record.pk)]
    assert still_waiting(named) == ([], [])


def test_refund_stands_whatever_becomes_of_its_checkout(
    choice: None, shop: Shop, provider: Provider
) -> None:
    staff = TransactionsStaff(shop, provider)
    staff.ask_for(None)
    TransactionItem.objects.update(checkout=None)
    Payment.objects.all().delete()
    report = _reconcile(provider, [PAID])
    assert FIRST in report.for_a_person[-1]
    assert shown() == [f"refund_to_send:{FIRST}"]


def _plugin(shop: Shop) -> DgsPayPlugin:
    """The channel's, as Saleor holds it."""
    plugins = get_plugins_manager(allow_replica=False).get_plugins(shop.channel.slug)
    [plugin] = [plugin for plugin in plugins if isinstance(plugin, DgsPayPlugin)]
    return plugin


def _reconcile(provider: Provider, listed: list[dict[str, Any]]) -> Report:
    provider.tells("GET transactions[?]*", {"data": listed, "pagination": {"pages": 1}})
    return reconcile_all(GATEWAY, timezone.now() - timedelta(days=3))


def _command(*arguments: str) -> str:
    written = StringIO()
    call_command("dgspay_refunds", *arguments, stdout=written, no_color=True)
    return written.getvalue()
