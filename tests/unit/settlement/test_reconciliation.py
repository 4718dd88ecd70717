"""Settling what waits: one payment after the other, whatever becomes of each."""

from typing import Any

import pytest
from saleor.channel.models import Channel
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.payment.outcome import ProviderTransaction, Verdict
from dgspay_plugin.settlement import reconciliation
from dgspay_plugin.settlement.ledger import Ledger
from dgspay_plugin.settlement.reconciliation import (
    Account,
    Report,
    read_accounts,
    settle_waiting,
)
from dgspay_plugin.settlement.settle import settle
from dgspay_plugin.settlement.subject import Subject
from tests.saleor_slice.catalogue import channel_slug
from tests.unit.browser import card_data
from tests.unit.dgspay import PAID, PENDING, Provider
from tests.unit.merchant import GATEWAY, fields

from .shop import Shop, subject_of


def test_payment_that_cannot_be_settled_does_not_keep_the_others_waiting(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = (_waiting(shop, provider, name) for name in ("DGS-1", "DGS-2"))

    def settle_all_but_one(subject: Subject, told: ProviderTransaction) -> Verdict:
        if subject == broken:
            raise ZeroDivisionError
        return settle(subject, told)

    monkeypatch.setattr(reconciliation, "settle", settle_all_but_one)
    account = Account(shop.configuration, Ledger(GATEWAY, (shop.channel.slug,)))
    report = Report()
    list(settle_waiting(account, [broken, sound], report, dry_run=False))
    assert report.outcomes == {"Paid": 1}
    [told] = report.for_a_person
    assert f"Payment {broken.pk}, DGS-Pay reference DGS-1" in told


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


def _waiting(shop: Shop, provider: Provider, reference: str) -> Subject:
    """A payment that DGS-Pay calls successful, unheard by the store."""
    about: dict[str, Any] = {"dgs_reference": reference}
    provider.tells("POST charges", PENDING | about)
    provider.tells(f"GET transactions/{reference}", PAID | about)
    payment = shop.new_payment()
    shop.press(payment, card_data())
    return subject_of(payment)
