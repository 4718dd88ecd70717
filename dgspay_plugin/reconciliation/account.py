"""The merchant accounts that a reconciliation goes through."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import Configuration, read_configuration
from dgspay_plugin.owner.set_up import channel_left_out
from dgspay_plugin.reconciliation.report import Report
from dgspay_plugin.records.ledger import Ledger


@dataclass(frozen=True)
class Account:
    """A merchant account at DGS-Pay, and the records of the channels paid into it."""

    configuration: Configuration
    ledger: Ledger


def read_accounts(gateway: str, report: Report) -> list[Account]:
    """The accounts of all channels where the plugin is set up, active or not.

    A channel whose fields are not valid is reported, and keeps no other one waiting.
    """
    rows = PluginConfiguration.objects.filter(
        identifier=gateway, channel__isnull=False
    ).select_related("channel")
    by_account: dict[tuple[str, str], Account] = {}
    for row in rows.order_by("channel__slug"):
        ledger = Ledger(gateway, (row.channel.slug,))
        if not row.active and ledger.is_empty():
            continue
        try:
            configuration = read_configuration(row.configuration)
        except ValidationError as error:
            report.add(channel_left_out(row.channel.slug, error.message_dict))
            continue
        key = configuration.base_url, configuration.account_number
        slugs = by_account[key].ledger.channel_slugs if key in by_account else ()
        by_account[key] = Account(
            configuration, Ledger(gateway, (*slugs, row.channel.slug))
        )
    return list(by_account.values())
