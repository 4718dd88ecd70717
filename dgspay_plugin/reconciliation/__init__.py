"""Compare Saleor's payments with DGS-Pay's transactions, and settle what is open."""

from dgspay_plugin.reconciliation.account import Account, read_accounts
from dgspay_plugin.reconciliation.report import Report
from dgspay_plugin.reconciliation.run import (
    DAYS_BACK,
    Reconciliation,
    end,
    find_refunds_to_send,
    load_saleor,
    reconcile_all,
)

__all__ = [
    "DAYS_BACK",
    "Account",
    "Reconciliation",
    "Report",
    "end",
    "find_refunds_to_send",
    "load_saleor",
    "read_accounts",
    "reconcile_all",
]
