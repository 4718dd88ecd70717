"""Settling what waits: one payment after the other, whatever becomes of each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from saleor.channel.models import Channel
from saleor.order.models import Order
from saleor.payment.models import Payment, Transaction, TransactionItem
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.gateway_app import keep_gateway_app
from dgspay_plugin.payment.outcome import ProviderTransaction, Verdict
from dgspay_plugin.reconciliation import (
    Account,
    Reconciliation,
    Report,
    read_accounts,
    reconcile_all,
    settling,
)
from dgspay_plugin.reconciliation_state import last_run
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import charge_of
from dgspay_plugin.records.ledger import Ledger
from dgspay_plugin.records.settle import settle
from tests.saleor_slice.catalogue import channel_slug
from tests.unit.browser import card_data
from tests.unit.dgspay import NO_ANSWER, PAID, PENDING, Provider
from tests.unit.later import pass_deadline
from tests.unit.merchant import GATEWAY, fields
from tests.unit.shop import Shop, charge_id_of


def test_payment_that_cannot_be_settled_does_not_keep_the_others_waiting(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = (_waiting(shop, provider, name) for name in ("DGS-1", "DGS-2"))

    def settle_all_but_one(charge_id: ChargeId, told: ProviderTransaction) -> Verdict:
        if charge_id == broken:
            raise ZeroDivisionError
        return settle(charge_id, told)

    monkeypatch.setattr(settling, "settle", settle_all_but_one)
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    list(Reconciliation(account, report).settle_waiting([broken, sound]))
    assert report.outcomes == {"Paid": 1}
    [told] = report.for_a_person
    assert f"Payment {broken.pk}, DGS-Pay reference DGS-1" in told


def test_whole_run_settles_and_is_remembered(shop: Shop, provider: Provider) -> None:
    keep_gateway_app(GATEWAY, "DGS-Pay")
    waiting = _waiting(shop, provider, "DGS-1")
    provider.tells("GET transactions[?]*", {"data": [], "pagination": {"pages": 1}})

    report = reconcile_all(GATEWAY, timezone.now() - timedelta(days=1))

    assert report.outcomes == {"Paid": 1}
    assert Order.objects.filter(payments=waiting.pk).exists()
    run = last_run(GATEWAY)
    assert run
    assert run.outcomes == {"Paid": 1}
    assert timezone.now() - run.ended_at < timedelta(minutes=1)


def test_record_that_cannot_be_read_does_not_keep_the_others_waiting(
    shop: Shop, provider: Provider
) -> None:
    spoiled, sound = (_waiting(shop, provider, name) for name in ("DGS-1", "DGS-2"))
    Transaction.objects.filter(payment_id=spoiled.pk).update(gateway_response=["?"])
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    list(Reconciliation(account, report).settle_waiting([spoiled, sound]))
    assert report.outcomes == {"Paid": 1}
    [told] = report.for_a_person
    assert told.startswith(f"What is stored of Payment {spoiled.pk} cannot be read")


def test_order_that_was_paid_too_much_is_named(shop: Shop, provider: Provider) -> None:
    charge_id = _waiting(shop, provider, "DGS-1")
    provider.tells("GET transactions/DGS-1", {**PAID, "dgs_reference": "DGS-1"})
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    list(Reconciliation(account, Report()).settle_waiting([charge_id]))
    Order.objects.update(total_gross_amount=10000, charge_status="overcharged")
    an_hour_ago = timezone.now() - timedelta(hours=1)

    report, later = Report(), Report()
    Reconciliation(account, report).find_other_totals(an_hour_ago)
    Reconciliation(account, later).find_other_totals(timezone.now())

    [told] = report.for_a_person
    for fact in ("Order ", "12000 RWF was paid", "10000 RWF", "Refund 2000 RWF"):
        assert fact in told
    assert not later.for_a_person


@pytest.mark.parametrize(
    ("of_the_order", "of_the_transaction", "is_named"),
    [
        ({}, {}, True),
        ({}, {"charged_value": 7000, "refunded_value": 5000}, True),
        ({}, {"charged_value": 7000, "refunded_value": 17000}, False),
        ({}, {"charged_value": 7000, "refund_pending_value": 17000}, False),
        ({}, {"app_identifier": "another.app"}, False),
        ({"checkout_token": ""}, {}, False),
        ({"charge_status": "full", "total_gross_amount": 12000}, {}, False),
    ],
)
def test_order_of_a_cart_that_grew_while_saleor_made_it_is_named(
    shop: Shop,
    of_the_order: dict[str, Any],
    of_the_transaction: dict[str, Any],
    is_named: bool,
) -> None:
    order = _order_paid_in_part(shop, **of_the_order)
    TransactionItem.objects.create(
        **{
            "app_identifier": GATEWAY,
            "order": order,
            "currency": "RWF",
            "charged_value": 12000,
            **of_the_transaction,
        }
    )

    assert len(_told_of_totals(shop)) == is_named
    shop.channel.allow_unpaid_orders = True
    shop.channel.save()
    assert not _told_of_totals(shop)


def test_order_that_is_paid_in_part_is_named_with_both_amounts(shop: Shop) -> None:
    order = _order_paid_in_part(shop)
    TransactionItem.objects.create(
        app_identifier=GATEWAY, order=order, currency="RWF", charged_value=9000
    )

    [told] = _told_of_totals(shop)

    for fact in (f"Order {order.number}:", "9000 RWF", "24000 RWF", "for 15000 RWF"):
        assert fact in told


def _order_paid_in_part(shop: Shop, **facts: Any) -> Order:
    return Order.objects.create(
        **{
            "channel": shop.channel,
            "currency": "RWF",
            "checkout_token": "b91b2a0c",
            "charge_status": "partial",
            "lines_count": 1,
            "total_gross_amount": 24000,
            **facts,
        }
    )


def _told_of_totals(shop: Shop) -> list[str]:
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Reconciliation(account, report).find_other_totals(an_hour_ago)
    return report.for_a_person


def test_capture_of_another_amount_that_the_list_does_not_have_is_named(
    shop: Shop, provider: Provider
) -> None:
    charge_id = _waiting(shop, provider, "DGS-1")
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    list(Reconciliation(account, Report()).settle_waiting([charge_id]))
    provider.tells("GET transactions?*", {"data": [], "pagination": {"pages": 1}})
    provider.tells(
        "GET transactions/DGS-1", {**PAID, "dgs_reference": "DGS-1", "amount": 11000}
    )

    report = Report()
    an_hour_ago = timezone.now() - timedelta(hours=1)

    list(Reconciliation(account, report).compare_captures(an_hour_ago))

    [told] = report.for_a_person
    assert "captured here, not there: 11000 RWF was charged" in told


def test_row_that_cannot_be_read_does_not_keep_the_others_waiting(
    shop: Shop, provider: Provider
) -> None:
    paid = _waiting(shop, provider, "DGS-1")
    rows = [
        {**PAID, "dgs_reference": "DGS-0", "transaction_status": "voided"},
        {"status": "success"},
        {**PAID, "dgs_reference": "DGS-1"},
    ]
    provider.tells("GET transactions?*", {"data": rows, "pagination": {"pages": 1}})
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    since = timezone.now() - timedelta(days=1)

    list(Reconciliation(account, report).compare_captures(since))

    assert charge_of(Payment.objects.get(pk=paid.pk)).history.captures
    unknown_status, nameless = report.for_a_person
    assert "DGS-0: an answer with an unknown transaction_status" in unknown_status
    assert "row 2 of a page: an answer without a dgs_reference" in nameless


def test_channel_that_is_set_up_wrongly_does_not_keep_the_others_waiting(
    shop: Shop,
) -> None:
    other = Channel.objects.get(slug=channel_slug("USD"))
    PluginConfiguration.objects.create(
        identifier=GATEWAY,
        channel=other,
        active=True,
        configuration=fields(encryption_key="not a key"),
    )
    report = Report()

    [account] = read_accounts(GATEWAY, report)

    assert account.ledger.channel_slugs == (shop.channel.slug,)
    [told] = report.for_a_person
    assert f"Channel {other.slug} was left out" in told
    assert "encryption_key" in told


@pytest.mark.parametrize(
    ("listed", "there"),
    [
        ({"amount": 11000}, "11000 RWF there"),
        ({"amount": None}, "an amount that is not named there"),
    ],
)
def test_capture_that_the_list_has_with_another_amount_is_named(
    shop: Shop, provider: Provider, listed: dict[str, Any], there: str
) -> None:
    account = _captured(shop, provider)
    provider.tells("GET transactions[?]*", _page({**PAID, **listed}))

    [told] = _compared(account).for_a_person

    assert f"DGS-Pay reference DGS-1: captured 12000 RWF here, {there}" in told


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        ({"transaction_status": "failed"}, "DGS-Pay calls it failed."),
        ({"transaction_status": "pending"}, "DGS-Pay calls it pending."),
        ({"amount": None}, "DGS-Pay calls it successful and names no amount."),
        ({"next_action_type": "requires_otp"}, "DGS-Pay asks for otp."),
        ({"next_action_type": "requires_capture"}, "DGS-Pay asks for requires_capture"),
    ],
)
def test_capture_that_the_list_does_not_have_is_named_as_it_stands(
    shop: Shop, provider: Provider, stands: dict[str, Any], told: str
) -> None:
    account = _captured(shop, provider)
    provider.tells("GET transactions[?]*", _page())
    provider.tells("GET transactions/DGS-1", {**PAID, **stands})

    [sentence] = _compared(account).for_a_person

    assert f"captured here, not there: {told}" in sentence


def test_capture_that_the_list_does_not_have_yet_is_asked_for(
    shop: Shop, provider: Provider
) -> None:
    account = _captured(shop, provider)
    provider.tells("GET transactions[?]*", _page())

    assert not _compared(account).for_a_person


def test_charge_that_no_payment_here_knows(shop: Shop, provider: Provider) -> None:
    account = _account(shop)
    now = timezone.now()
    for age, reference in ((timedelta(hours=1), "DGS-8"), (timedelta(), "DGS-9")):
        row = {**PAID, "dgs_reference": reference}
        row["created_at"] = (now - age).isoformat()
        provider.tells("GET transactions[?]*", _page(row))

        report = _compared(account)

        # The store may be about to write down what has just been paid.
        is_new = not age
        assert report.left_for_later is is_new
        assert bool(report.for_a_person) is not is_new
        assert is_new or f"DGS-Pay reference {reference} (12000" in str(
            report.for_a_person
        )


def test_waiting_payment_that_dgspay_does_not_know(
    shop: Shop, provider: Provider
) -> None:
    waiting = _waiting(shop, provider, "DGS-1")
    provider.tells("GET transactions/DGS-1", {"error_code": "92"}, status=404)
    report = Report()

    list(Reconciliation(_account(shop), report).settle_waiting([waiting]))

    [told] = report.for_a_person
    assert f"Payment {waiting.pk} (12000" in told
    assert "DGS-Pay does not know its reference DGS-1" in told


def test_waiting_payment_that_dgspay_asks_an_unknown_step_for(
    shop: Shop, provider: Provider
) -> None:
    waiting = _waiting(shop, provider, "DGS-1")
    unknown = {**PENDING, "next_action_type": "requires_capture"}
    provider.tells("GET transactions/DGS-1", unknown)
    report = Report()

    list(Reconciliation(_account(shop), report).settle_waiting([waiting]))

    [told] = report.for_a_person
    assert "DGS-Pay reference DGS-1: DGS-Pay asks for requires_capture." in told


def test_answer_that_was_lost_is_named_after_the_deadline(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tells("POST charges", NO_ANSWER)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    waiting = [charge_id_of(payment)]
    early, late = Report(), Report()

    list(Reconciliation(_account(shop), early).settle_waiting(waiting))
    pass_deadline(monkeypatch)
    list(Reconciliation(_account(shop), late).settle_waiting(waiting))

    assert early.left_for_later
    assert not early.for_a_person
    [told] = late.for_a_person
    assert f"Payment {payment.pk} (12000" in told
    assert "was lost, and no webhook has come" in told


def _account(shop: Shop) -> Account:
    return Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))


def _captured(shop: Shop, provider: Provider) -> Account:
    """The account of a payment that is captured in Saleor, as DGS-1."""
    waiting = _waiting(shop, provider, "DGS-1")
    account = _account(shop)
    list(Reconciliation(account, Report()).settle_waiting([waiting]))
    return account


def _compared(account: Account) -> Report:
    report = Report()
    since = timezone.now() - timedelta(days=1)
    list(Reconciliation(account, report).compare_captures(since))
    return report


def _page(*rows: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": rows, "pagination": {"pages": 1}}


def _waiting(shop: Shop, provider: Provider, reference: str) -> ChargeId:
    """A payment that DGS-Pay calls successful, unheard by the store."""
    about: dict[str, Any] = {"dgs_reference": reference}
    provider.tells("POST charges", PENDING | about)
    provider.tells(f"GET transactions/{reference}", PAID | about)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    return charge_id_of(payment)
