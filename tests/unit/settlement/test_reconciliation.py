"""Settling what waits: one payment after the other, whatever becomes of each."""

from typing import Any

import pytest

from dgspay_plugin.payment.outcome import ProviderTransaction, Verdict
from dgspay_plugin.settlement import reconciliation
from dgspay_plugin.settlement.captures import settle
from dgspay_plugin.settlement.reconciliation import Account, Report, settle_waiting
from tests.unit.browser import card_data

from .dgspay import PAID, PENDING, Provider, tells
from .shop import Shop


def test_payment_that_cannot_be_settled_does_not_keep_the_others_waiting(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = (_waiting(shop, provider, name) for name in ("DGS-1", "DGS-2"))

    def settle_all_but_one(payment_id: int, answer: ProviderTransaction) -> Verdict:
        if payment_id == broken:
            raise ZeroDivisionError
        return settle(payment_id, answer)

    monkeypatch.setattr(reconciliation, "settle", settle_all_but_one)
    account = Account(shop.configuration, (shop.channel.slug,))
    report = Report()
    list(settle_waiting(account, [broken, sound], report, dry_run=False))
    assert report.outcomes == {"Paid": 1}
    [told] = report.for_a_person
    assert f"Payment {broken}, DGS-Pay reference DGS-1" in told


def _waiting(shop: Shop, provider: Provider, reference: str) -> int:
    """A payment that DGS-Pay calls successful, unheard by the store."""
    about: dict[str, Any] = {"dgs_reference": reference}
    tells(provider, "POST charges", PENDING | about)
    tells(provider, f"GET transactions/{reference}", PAID | about)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    payment_id: int = payment.pk
    return payment_id
