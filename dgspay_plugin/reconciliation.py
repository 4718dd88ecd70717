"""Compare Saleor's payments with DGS-Pay's transactions, and settle what is open."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from saleor.checkout import CheckoutChargeStatus
from saleor.checkout.models import Checkout
from saleor.payment.models import Payment, TransactionItem
from saleor.plugins.models import PluginConfiguration

from dgspay_plugin.configuration import Configuration, read_configuration
from dgspay_plugin.dashboard_problems import show_standing
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
from dgspay_plugin.problems import Case, Problem
from dgspay_plugin.provider.errors import (
    NotFound,
    ProviderError,
    is_about_credentials,
)
from dgspay_plugin.provider.messages import TransactionRow, UnreadableRow
from dgspay_plugin.reconciliation_measurement import measure_run
from dgspay_plugin.reconciliation_state import LastRun, remember
from dgspay_plugin.records import attempts
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.charges import Charge, charge_id_of, charge_of
from dgspay_plugin.records.history import SpoiledRecord
from dgspay_plugin.records.ledger import (
    ROWS_AT_A_TIME,
    Capture,
    Ledger,
    captures_with,
    record_with,
    refunded_of,
    still_waiting,
)
from dgspay_plugin.records.payments import complete_checkout_of
from dgspay_plugin.records.refunds import unconfirmed_refunds
from dgspay_plugin.records.settle import settle
from dgspay_plugin.records.transactions import count_towards_total

logger = logging.getLogger(__name__)

# DGS-Pay is asked about so many payments at a time; it names no limit of its own.
CALLS_SIDE_BY_SIDE = 8
TIME_FOR_THE_LIST = 3600.0
PAID_IN_FULL = (CheckoutChargeStatus.FULL, CheckoutChargeStatus.OVERCHARGED)
OUTCOMES_FOR_A_PERSON = (AmountMismatch, AmountUnknown, UnknownAction)
CASE_OF: dict[type, Case] = {
    AmountMismatch: Case.MISMATCH,
    AmountUnknown: Case.UNKNOWN_AMOUNT,
    UnknownAction: Case.UNKNOWN_ACTION,
}
# With one of them something was not looked at.
CUT_SHORT_BY = {Case.CONFIGURATION, Case.CREDENTIALS_REFUSED, Case.LIST_UNREADABLE}
# How far a reconciliation looks back that nobody has told how far.
DAYS_BACK = 3


@dataclass(frozen=True)
class Account:
    """A merchant account at DGS-Pay, and the records of the channels paid into it."""

    configuration: Configuration
    ledger: Ledger


@dataclass
class Report:
    """What a reconciliation found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many waiting payments turned out how, by the outcome's name."""
    left_for_later: bool = False
    """Whether charges of the last minutes are not settled, and were left alone."""
    unanswered: int = 0
    """How many payments DGS-Pay could not be asked about."""
    problems: list[Problem] = field(default_factory=list)
    """What no program can mend."""
    judged: set[tuple[str, TransactionStatus]] = field(default_factory=set)
    """What has been settled in this run, of which the list tells once more."""
    began_at: float = field(default_factory=time.monotonic)
    """When the run began, by the monotonic clock."""

    def tell(self, case: Case, subject: object, sentence: str) -> None:
        """Leave something to a person."""
        self.problems.append(Problem(case, str(subject), sentence))

    @property
    def is_complete(self) -> bool:
        """Whether everything was looked at."""
        cut_short = {problem.case for problem in self.problems} & CUT_SHORT_BY
        return not (self.unanswered or cut_short)

    @property
    def looked_for(self) -> frozenset[Case]:
        """The cases of which all that stands has been found."""
        if not self.is_complete:
            return frozenset({Case.RECONCILIATION_LATE})
        return Case.found_by_reconciliation()

    @property
    def for_a_person(self) -> list[str]:
        """What no program can mend: a sentence each."""
        return [problem.sentence for problem in self.problems]


Watch = Callable[[str, int | None, Iterable[int]], None]


def _to_the_end(label: str, length: int | None, steps: Iterable[int]) -> None:
    for _ in steps:
        pass


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
            report.tell(
                Case.CONFIGURATION,
                row.channel.slug,
                f"Channel {row.channel.slug} was left out: its configuration is not "
                f"valid ({', '.join(sorted(error.message_dict))}). dgspay_check says "
                "what to mend.",
            )
            continue
        key = configuration.base_url, configuration.account_number
        slugs = by_account[key].ledger.channel_slugs if key in by_account else ()
        by_account[key] = Account(
            configuration, Ledger(gateway, (*slugs, row.channel.slug))
        )
    return list(by_account.values())


def reconcile_all(gateway: str, since: datetime) -> Report:
    """Settle and compare every account, without a terminal to tell it to.

    Args:
        since: of payments made since then.
    """
    load_saleor()
    report = Report()
    for account in read_accounts(gateway, report):
        reconcile_account(account, since, report)
    find_refunds_to_send(gateway, report)
    end(gateway, since, report)
    return report


def reconcile_account(
    account: Account,
    since: datetime,
    report: Report,
    *,
    dry_run: bool = False,
    watch: Watch = _to_the_end,
) -> None:
    """Settle what waits in one account, and compare both sides.

    Args:
        watch: goes through steps to their end: told what they are, how many, and the
            steps themselves, each the number of what is done.
    """
    try:
        waiting = account.ledger.waiting_since(since)
        settling = settle_waiting(account, waiting, report, dry_run=dry_run)
        watch("Waiting payments", len(waiting), settling)
        complete_captured_checkouts(account, report, dry_run=dry_run)
        comparing = compare_captures(account, since, report, dry_run=dry_run)
        watch("Captured payments", None, comparing)
        find_overcharged(account, since, report)
    except ProviderError as error:
        number = account.configuration.account_number
        report.tell(
            Case.CREDENTIALS_REFUSED
            if is_about_credentials(error)
            else Case.LIST_UNREADABLE,
            number,
            f"Account {number}: its list of transactions could not be read. {error}",
        )


def load_saleor() -> None:
    """Load Saleor's API, as its server does, and a command or a worker does not.

    Saleor's modules import one another in a circle, of which this is the beginning.
    To make orders needs all of it.
    """
    import_module(settings.ROOT_URLCONF)


def end(gateway: str, since: datetime, report: Report) -> None:
    """Remember a run that has come to its end, and show staff what stands."""
    remember(
        gateway,
        LastRun(
            ended_at=timezone.now(),
            outcomes=dict(sorted(report.outcomes.items())),
            unanswered=report.unanswered,
            for_a_person=len(report.problems),
            problem_keys=tuple(problem.key for problem in report.problems),
        ),
    )
    show_standing(report.problems, report.looked_for, since)
    measure_run(
        time.monotonic() - report.began_at,
        report.outcomes,
        report.unanswered,
        report.problems,
        is_complete=report.is_complete,
    )


def settle_waiting(
    account: Account, charge_ids: Sequence[ChargeId], report: Report, *, dry_run: bool
) -> Iterator[int]:
    """Ask about each charge and settle it; yields how many are done, as it goes.

    Each is settled in a transaction of its own, so that it is safe to stop at any time
    and to run beside the shop, webhooks and another reconciliation.
    """
    with ThreadPoolExecutor(CALLS_SIDE_BY_SIDE) as executor:
        for start in range(0, len(charge_ids), ROWS_AT_A_TIME):
            batch = charge_ids[start : start + ROWS_AT_A_TIME]
            waiting, spoiled = still_waiting(batch)
            for charge_id, problem in spoiled:
                _report_spoiled(charge_id, problem, report)
            responses = executor.map(
                lambda reference: _ask(account, reference),
                [charge.reference for charge in waiting],
            )
            for charge, response in zip(waiting, responses, strict=True):
                _settle_one(charge, response, report, dry_run=dry_run)
            yield len(batch)


def compare_captures(
    account: Account, since: datetime, report: Report, *, dry_run: bool
) -> Iterator[int]:
    """Compare captures here with successful charges there; yields rows as it goes."""
    seen: set[str] = set()
    page: list[TransactionRow] = []
    client = account.configuration.client(TIME_FOR_THE_LIST)
    gateway = account.ledger.gateway
    # DGS-Pay names the second of a charge and no fraction of it.
    since_second = since.replace(microsecond=0)
    for row in client.transactions(status="success"):
        if row.created_at is not None and row.created_at < since_second:
            continue
        if isinstance(row, UnreadableRow):
            seen.add(row.reference or "")
            report.tell(
                Case.UNREADABLE_THERE,
                row.reference or row,
                f"DGS-Pay's list of successful charges, {row}: {row.why}. Look it up "
                "in the merchant portal.",
            )
            continue
        seen.add(row.transaction.reference)
        page.append(row)
        if len(page) == ROWS_AT_A_TIME:
            _compare_page(gateway, page, report, dry_run=dry_run)
            yield len(page)
            page = []
    _compare_page(gateway, page, report, dry_run=dry_run)
    yield len(page)
    _find_missing_there(account, since, seen, report)


def _settle_one(
    charge: Charge,
    response: ProviderTransaction | ProviderError | None,
    report: Report,
    *,
    dry_run: bool,
) -> None:
    if isinstance(response, NotFound):
        report.tell(
            Case.UNKNOWN_THERE,
            charge.charge_id.title,
            f"{charge.charge_id.title} ({charge.price}): DGS-Pay does not know its "
            f"reference {charge.reference}. Check that the account is the one it was "
            "charged with.",
        )
        return
    if isinstance(response, ProviderError):
        report.unanswered += 1
        return
    if response is None:
        _without_reference(charge, report)
        return
    if (response.reference, response.status) in report.judged:
        return
    report.judged.add((response.reference, response.status))
    try:
        verdict = (
            judge(response, charge.price)
            if dry_run
            else settle(charge.charge_id, response)
        )
    except Exception:
        # One charge that cannot be settled must not keep all others waiting.
        logger.exception("%s could not be settled.", charge.charge_id.title)
        report.tell(
            Case.NOT_WRITTEN,
            charge.charge_id.title,
            f"{charge.charge_id.title}, DGS-Pay reference {response.reference}: "
            f"DGS-Pay calls it {response.status}, and Saleor failed to write that "
            "down. The log has the reason.",
        )
        return
    report.outcomes[verdict.code] += 1
    if isinstance(verdict, OUTCOMES_FOR_A_PERSON):
        report.tell(
            CASE_OF[type(verdict)],
            charge.charge_id.title,
            f"{charge.charge_id.title}, DGS-Pay reference {response.reference}: "
            f"{_problem(verdict)}",
        )


def _report_spoiled(
    charge_id: ChargeId, problem: SpoiledRecord, report: Report
) -> None:
    report.tell(
        Case.SPOILED,
        charge_id.title,
        f"{charge_id.title}: what is stored of it cannot be read ({problem}). Somebody "
        "has changed it. Look the payment up in the merchant portal.",
    )


def _without_reference(charge: Charge, report: Report) -> None:
    """A charge whose answer was lost: only a webhook or a person can name it."""
    since = charge.history.waiting_since or charge.unfinished_since or charge.created_at
    if not attempts.is_overdue(since):
        report.left_for_later = True
        return
    report.tell(
        Case.ANSWER_LOST,
        charge.charge_id.title,
        f"{charge.charge_id.title} ({charge.price}): the answer to its charge at "
        f"{since:%Y-%m-%d %H:%M %Z} was lost, and no webhook has come. Look in the "
        "merchant portal for a charge of this amount at that time.",
    )


def _compare_page(
    gateway: str, page: list[TransactionRow], report: Report, *, dry_run: bool
) -> None:
    captures = captures_with(gateway, [row.transaction.reference for row in page])
    for row in page:
        there = row.transaction
        capture = captures.get(there.reference)
        if capture is None:
            _paid_there_not_here(gateway, row, report, dry_run=dry_run)
        elif not _is_the_same(capture, there):
            report.tell(
                Case.OTHER_AMOUNT_THERE,
                capture.charge_id.title,
                f"{capture.charge_id.title}, DGS-Pay reference {there.reference}: "
                f"captured {capture.money} here, "
                f"{_money(there.amount, there.currency)} there.",
            )


def _is_the_same(capture: Capture, there: ProviderTransaction) -> bool:
    """Whether DGS-Pay names what was captured, or what is left of it after refunds."""
    captured = capture.money
    if (captured.amount, captured.currency) == (there.amount, there.currency):
        return True
    left = captured.amount - refunded_of(capture.charge_id)
    return (left, captured.currency) == (there.amount, there.currency)


def _paid_there_not_here(
    gateway: str, row: TransactionRow, report: Report, *, dry_run: bool
) -> None:
    there = row.transaction
    record = record_with(gateway, there.reference)
    if record is not None:
        try:
            charge = charge_of(record)
        except SpoiledRecord as problem:
            _report_spoiled(charge_id_of(record), problem, report)
        else:
            _settle_one(charge, there, report, dry_run=dry_run)
        return
    if row.created_at and not attempts.is_overdue(row.created_at):
        # The store may be about to write it down, or its webhook on the way.
        report.left_for_later = True
        return
    report.tell(
        Case.UNKNOWN_HERE,
        there.reference,
        f"DGS-Pay reference {there.reference} "
        f"({_money(there.amount, there.currency)}, "
        f"{row.created_at or 'time unknown'}): paid there, and no payment here "
        f"knows it.",
    )


def _find_missing_there(
    account: Account, since: datetime, seen: set[str], report: Report
) -> None:
    """Captures that DGS-Pay's list of successful charges does not have."""
    for capture in account.ledger.captures_since(since):
        # What DGS-Pay calls a charge that was refunded in its portal is not documented.
        if capture.reference in seen or refunded_of(capture.charge_id):
            continue
        response = _ask(account, capture.reference)
        if isinstance(response, ProviderTransaction):
            verdict = judge(response, capture.money)
            if isinstance(verdict, Paid):
                continue
            problem = (
                _problem(verdict)
                if isinstance(verdict, OUTCOMES_FOR_A_PERSON)
                else f"DGS-Pay calls it {response.status}."
            )
        else:
            problem = f"{response}."
        report.tell(
            Case.NOT_CAPTURED_THERE,
            capture.charge_id.title,
            f"{capture.charge_id.title}, DGS-Pay reference {capture.reference}: "
            f"captured here, not there: {problem}",
        )


def complete_captured_checkouts(
    account: Account, report: Report, *, dry_run: bool
) -> None:
    """Try once more to make orders of checkouts that are paid and still open."""
    stuck = account.ledger.payments().filter(
        checkout__isnull=False, captured_amount__gt=0
    )
    for payment in stuck.iterator(chunk_size=ROWS_AT_A_TIME):
        if not dry_run:
            complete_checkout_of(payment.pk)
        payment = Payment.objects.get(pk=payment.pk)
        if payment.order_id is None:
            captured = Money(payment.captured_amount, payment.currency)
            report.tell(
                Case.PAID_WITHOUT_ORDER,
                charge_id_of(payment).title,
                f"Payment {payment.pk}, DGS-Pay reference {payment.psp_reference}: "
                f"{captured} captured, and checkout {payment.checkout_id} is not an "
                "order.",
            )
    _look_at_charged_checkouts(account, report, dry_run=dry_run)
    if not dry_run:
        _count_towards_orders(account)


def find_overcharged(account: Account, since: datetime, report: Report) -> None:
    """Report every checkout and order for which more was paid than it costs."""
    for overcharge in account.ledger.overcharged_since(since):
        charged, total = overcharge.charged, overcharge.total
        excess = Money(charged.amount - total.amount, total.currency)
        report.tell(
            Case.OVERCHARGED,
            overcharge.title,
            f"{overcharge.title}: {charged} was paid of a total of {total}. Refund "
            f"{excess} in the merchant portal.",
        )


def find_refunds_to_send(gateway: str, report: Report) -> None:
    """Report every refund that nobody has confirmed, whatever became of its channel."""
    report.problems += [refund.problem for refund in unconfirmed_refunds(gateway)]


def _look_at_charged_checkouts(
    account: Account, report: Report, *, dry_run: bool
) -> None:
    """Saleor completes them itself, where the channel is set so; else the customer."""
    charged = account.ledger.items().filter(charged_value__gt=0, checkout__isnull=False)
    for item in charged.select_related("checkout").iterator(ROWS_AT_A_TIME):
        is_paid = item.checkout.charge_status in PAID_IN_FULL
        if not attempts.is_overdue(item.modified_at):
            # The customer may be about to complete it.
            report.left_for_later |= is_paid
        elif not is_paid:
            # It may only seem so: a worker may have died before it was counted.
            if not dry_run:
                count_towards_total(item.pk)
                item.refresh_from_db()
            checkout = item.checkout
            if checkout and checkout.charge_status == CheckoutChargeStatus.PARTIAL:
                report.tell(
                    Case.PAID_IN_PART,
                    charge_id_of(item).title,
                    _paid_in_part(item, checkout),
                )
        else:
            report.tell(
                Case.PAID_WITHOUT_ORDER,
                charge_id_of(item).title,
                f"Transaction {item.pk}, DGS-Pay reference {item.psp_reference}: "
                f"{Money(item.charged_value, item.currency)} charged, and checkout "
                f"{item.checkout_id} is not an order. Complete it, and let the channel "
                "complete paid checkouts automatically.",
            )


def _paid_in_part(item: TransactionItem, checkout: Checkout) -> str:
    return (
        f"Transaction {item.pk}, DGS-Pay reference {item.psp_reference}: "
        f"{Money(item.charged_value, item.currency)} charged, and checkout "
        f"{checkout.pk} is paid in part. Saleor makes an order of it once the rest is "
        "paid. Refund the part in the merchant portal if the customer does not come "
        "back."
    )


def _count_towards_orders(account: Account) -> None:
    """Charges that are more than their order knows of: a worker died in between."""
    not_counted = account.ledger.items().filter(
        charged_value__gt=F("order__total_charged_amount")
    )
    for item in not_counted.iterator(ROWS_AT_A_TIME):
        if attempts.is_overdue(item.modified_at):
            count_towards_total(item.pk)


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
