"""Compare Saleor's payments with DGS-Pay's transactions, and settle what is open."""

import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from saleor.payment import ChargeStatus, TransactionKind
from saleor.payment.models import Payment, Transaction
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import Configuration, read_configuration
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    AmountUnknown,
    Paid,
    ProviderTransaction,
    TransactionStatus,
    UnknownAction,
    judge,
)
from dgspay_plugin.provider.errors import NotFound, ProviderError
from dgspay_plugin.provider.messages import TransactionRow
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.captures import complete_checkout_of, settle
from dgspay_plugin.settlement.history import History

logger = logging.getLogger(__name__)

# DGS-Pay is asked about so many payments at a time; it names no limit of its own.
CALLS_SIDE_BY_SIDE = 8
PAYMENTS_AT_A_TIME = 200
TIME_FOR_THE_LIST = 3600.0
OUTCOMES_FOR_A_PERSON = (AmountMismatch, AmountUnknown, UnknownAction)


@dataclass(frozen=True)
class Account:
    """A merchant account at DGS-Pay, and the channels that are paid into it."""

    configuration: Configuration
    channel_slugs: tuple[str, ...]


@dataclass
class Report:
    """What a reconciliation found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many waiting payments turned out how, by the outcome's name."""
    in_doubt: int = 0
    """How many charges were sent whose answers may still be told by a webhook."""
    unanswered: int = 0
    """How many payments DGS-Pay could not be asked about."""
    for_a_person: list[str] = field(default_factory=list)
    """What no program can mend: a sentence each."""
    judged: set[tuple[str, TransactionStatus]] = field(default_factory=set)
    """What has been settled in this run, of which the list tells once more."""


def read_accounts(gateway: str, report: Report) -> list[Account]:
    """The accounts of all channels where the plugin is set up, active or not.

    A channel whose fields are not valid is reported, and keeps no other one waiting.
    """
    rows = PluginConfiguration.objects.filter(
        identifier=gateway, channel__isnull=False
    ).select_related("channel")
    by_account: dict[tuple[str, str], Account] = {}
    for row in rows.order_by("channel__slug"):
        if not row.active and not _has_payments(gateway, row.channel.slug):
            continue
        try:
            configuration = read_configuration(row.configuration)
        except ValidationError as error:
            report.for_a_person.append(
                f"Channel {row.channel.slug} was left out: its configuration is not "
                f"valid ({', '.join(sorted(error.message_dict))}). dgspay_check says "
                "what to mend."
            )
            continue
        key = configuration.base_url, configuration.account_number
        slugs = by_account[key].channel_slugs if key in by_account else ()
        by_account[key] = Account(configuration, (*slugs, row.channel.slug))
    return list(by_account.values())


def waiting_payments(gateway: str, account: Account, since: datetime) -> list[int]:
    """The ids of the payments whose money may have moved unseen."""
    candidates = (
        _payments(gateway, account)
        .filter(
            created_at__gte=since,
            charge_status__in=[ChargeStatus.NOT_CHARGED, ChargeStatus.PENDING],
        )
        .order_by("pk")
    )
    return list(candidates.values_list("pk", flat=True))


def settle_waiting(
    account: Account, payment_ids: list[int], report: Report, *, dry_run: bool
) -> Iterator[int]:
    """Ask about each payment and settle it; yields how many are done, as it goes.

    Each payment is settled in a transaction of its own, so that it is safe to stop
    at any time and to run beside the shop, webhooks and another reconciliation.
    """
    with ThreadPoolExecutor(CALLS_SIDE_BY_SIDE) as executor:
        for start in range(0, len(payment_ids), PAYMENTS_AT_A_TIME):
            batch = payment_ids[start : start + PAYMENTS_AT_A_TIME]
            payments = Payment.objects.filter(pk__in=batch).prefetch_related(
                "transactions"
            )
            waiting = [payment for payment in payments if _is_waiting(payment)]
            answers = executor.map(
                lambda reference: _ask(account, reference),
                [_reference(payment) for payment in waiting],
            )
            for payment, answer in zip(waiting, answers, strict=True):
                _settle_one(payment, answer, report, dry_run=dry_run)
            yield len(batch)


def compare_captures(
    gateway: str, account: Account, since: datetime, report: Report, *, dry_run: bool
) -> Iterator[int]:
    """Compare captures here with successful charges there; yields rows as it goes."""
    seen: set[str] = set()
    page: list[TransactionRow] = []
    client = account.configuration.client(TIME_FOR_THE_LIST)
    for row in client.transactions(status="success"):
        if row.created_at is not None and row.created_at < since:
            continue
        seen.add(row.transaction.reference)
        page.append(row)
        if len(page) == PAYMENTS_AT_A_TIME:
            _compare_page(gateway, page, report, dry_run=dry_run)
            yield len(page)
            page = []
    _compare_page(gateway, page, report, dry_run=dry_run)
    yield len(page)
    _find_missing_there(gateway, account, since, seen, report)


def _settle_one(
    payment: Payment,
    answer: ProviderTransaction | ProviderError | None,
    report: Report,
    *,
    dry_run: bool,
) -> None:
    if isinstance(answer, NotFound):
        report.for_a_person.append(
            f"Payment {payment.pk} ({_money(payment.total, payment.currency)}): "
            f"DGS-Pay does not know its reference {_reference(payment)}. Check that "
            "the account is the one it was charged with."
        )
        return
    if isinstance(answer, ProviderError):
        report.unanswered += 1
        return
    if answer is None:
        _without_reference(payment, report)
        return
    if (answer.reference, answer.status) in report.judged:
        return
    report.judged.add((answer.reference, answer.status))
    try:
        verdict = (
            judge(answer, Money(payment.total, payment.currency))
            if dry_run
            else settle(payment.pk, answer)
        )
    except Exception:
        # One payment that cannot be settled must not keep all others waiting.
        logger.exception("Payment %s could not be settled.", payment.pk)
        report.for_a_person.append(
            f"Payment {payment.pk}, DGS-Pay reference {answer.reference}: DGS-Pay "
            f"calls it {answer.status}, and Saleor failed to write that down. The log "
            "has the reason."
        )
        return
    report.outcomes[type(verdict).__name__] += 1
    if isinstance(verdict, OUTCOMES_FOR_A_PERSON):
        report.for_a_person.append(
            f"Payment {payment.pk}, DGS-Pay reference {answer.reference}: "
            f"{_problem(verdict)}"
        )


def _without_reference(payment: Payment, report: Report) -> None:
    """A charge whose answer was lost: only a webhook or a person can name it."""
    since = (
        History.of(payment.transactions.all()).waiting_since
        or attempts.unfinished(payment.pk)
        or payment.created_at
    )
    if not attempts.is_overdue(since):
        report.in_doubt += 1
        return
    report.for_a_person.append(
        f"Payment {payment.pk} ({_money(payment.total, payment.currency)}): the "
        f"answer to its charge at {since:%Y-%m-%d %H:%M %Z} was lost, and no webhook "
        "has come. Look in the merchant portal for a charge of this amount at that "
        "time."
    )


def _compare_page(
    gateway: str, page: list[TransactionRow], report: Report, *, dry_run: bool
) -> None:
    references = [row.transaction.reference for row in page]
    captures = {
        capture.token: capture
        for capture in _captures(gateway).filter(token__in=references)
    }
    for row in page:
        there = row.transaction
        capture = captures.get(there.reference)
        if capture is None:
            _paid_there_not_here(gateway, row, report, dry_run=dry_run)
        elif (capture.amount, capture.currency) != (there.amount, there.currency):
            report.for_a_person.append(
                f"Payment {capture.payment_id}, DGS-Pay reference {there.reference}: "
                f"captured {_money(capture.amount, capture.currency)} here, "
                f"{_money(there.amount, there.currency)} there."
            )


def _paid_there_not_here(
    gateway: str, row: TransactionRow, report: Report, *, dry_run: bool
) -> None:
    there = row.transaction
    payment = Payment.objects.filter(
        gateway=gateway, transactions__token=there.reference
    ).first()
    if payment is None:
        if row.created_at and not attempts.is_overdue(row.created_at):
            # The store may be about to write it down, or its webhook on the way.
            return
        report.for_a_person.append(
            f"DGS-Pay reference {there.reference} "
            f"({_money(there.amount, there.currency)}, "
            f"{row.created_at or 'time unknown'}): paid there, and no payment here "
            f"knows it."
        )
        return
    _settle_one(payment, there, report, dry_run=dry_run)


def _find_missing_there(
    gateway: str, account: Account, since: datetime, seen: set[str], report: Report
) -> None:
    """Captures that DGS-Pay's list of successful charges does not have."""
    captures = _captures(gateway).filter(
        created_at__gte=since, payment__in=_payments(gateway, account)
    )
    for capture in captures.iterator(chunk_size=PAYMENTS_AT_A_TIME):
        if capture.token in seen:
            continue
        answer = _ask(account, capture.token)
        if isinstance(answer, ProviderTransaction):
            here = Money(capture.amount, capture.currency)
            if isinstance(judge(answer, here), Paid):
                continue
            there = f"DGS-Pay calls it {answer.status}"
        else:
            there = str(answer)
        report.for_a_person.append(
            f"Payment {capture.payment_id}, DGS-Pay reference {capture.token}: "
            f"captured here, not there: {there}."
        )


def complete_captured_checkouts(
    gateway: str, account: Account, report: Report, *, dry_run: bool
) -> None:
    """Try once more to make orders of checkouts that are paid and still open."""
    stuck = _payments(gateway, account).filter(
        checkout__isnull=False, captured_amount__gt=0
    )
    for payment in stuck.iterator(chunk_size=PAYMENTS_AT_A_TIME):
        if not dry_run:
            complete_checkout_of(payment.pk)
        payment = Payment.objects.get(pk=payment.pk)
        if payment.order_id is None:
            report.for_a_person.append(
                f"Payment {payment.pk}, DGS-Pay reference {payment.psp_reference}: "
                f"{_money(payment.captured_amount, payment.currency)} captured, and "
                f"checkout {payment.checkout_id} is not an order."
            )


def _payments(gateway: str, account: Account) -> "QuerySet[Payment]":
    slugs = account.channel_slugs
    return Payment.objects.filter(
        Q(checkout__channel__slug__in=slugs) | Q(order__channel__slug__in=slugs),
        gateway=gateway,
    )


def _has_payments(gateway: str, channel_slug: str) -> bool:
    payments = Payment.objects.filter(
        Q(checkout__channel__slug=channel_slug) | Q(order__channel__slug=channel_slug),
        gateway=gateway,
    )
    return bool(payments.exists())


def _captures(gateway: str) -> "QuerySet[Transaction]":
    return Transaction.objects.filter(
        payment__gateway=gateway, kind=TransactionKind.CAPTURE, is_success=True
    )


def _is_waiting(payment: Payment) -> bool:
    history = History.of(payment.transactions.all())
    return (
        history.is_waiting
        or payment.charge_status == ChargeStatus.PENDING
        or attempts.unfinished(payment.pk) is not None
    )


def _reference(payment: Payment) -> str | None:
    history = History.of(payment.transactions.all())
    return attempts.current_reference(payment.pk, history)


def _ask(
    account: Account, reference: str | None
) -> ProviderTransaction | ProviderError | None:
    if reference is None:
        return None
    try:
        return account.configuration.client().transaction(reference)
    except ProviderError as error:
        return error


def _problem(verdict: AmountMismatch | AmountUnknown | UnknownAction) -> str:
    match verdict:
        case AmountMismatch():
            return f"{verdict.charged} was charged, which is not what it is for."
        case AmountUnknown():
            return "DGS-Pay calls it successful and names no amount."
        case UnknownAction():
            return f"DGS-Pay asks for {verdict.next_action_type}."


def _money(amount: Decimal | None, currency: str | None) -> str:
    if amount is None or currency is None:
        return "an amount that is not named"
    return str(Money(amount, currency))
