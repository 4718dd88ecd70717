"""What every part of a reconciliation works on."""

from dataclasses import dataclass

from dgspay_plugin.reconciliation.account import Account
from dgspay_plugin.reconciliation.report import Report


@dataclass(frozen=True)
class Part:
    """One duty of a reconciliation, done for one account."""

    account: Account
    report: Report
    """Takes what is found."""
    dry_run: bool = False
    """Whether to say only what would be done."""
