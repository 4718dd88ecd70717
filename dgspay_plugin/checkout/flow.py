"""The flow of a purchase: charge the card, take step after step, find out the rest."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from dgspay_plugin.checkout.double_payment import refuse_double_payment
from dgspay_plugin.checkout.purchase import Purchase
from dgspay_plugin.configuration import REFERENCE, Configuration
from dgspay_plugin.owner.set_up import tell_of_refused_credentials
from dgspay_plugin.payment.browser_step import BrowserStep
from dgspay_plugin.payment.card_data import (
    Address,
    Authorization,
    EncryptedCard,
    EncryptedPin,
    Otp,
    PaymentMethod,
    Redirected,
    Waiting,
    nonce_of,
    read_step,
)
from dgspay_plugin.payment.customer import read_customer
from dgspay_plugin.payment.mobile_money import CURRENCY, MobileMoney, Wallet
from dgspay_plugin.payment.money import Money
from dgspay_plugin.payment.nonces import RecentNonces
from dgspay_plugin.payment.outcome import (
    AmountMismatch,
    AmountUnknown,
    Declined,
    InDoubt,
    NextAction,
    Outcome,
    Pending,
    judge,
)
from dgspay_plugin.payment.refusal import CustomerMessage, Refusal
from dgspay_plugin.provider.client import DgsPayClient
from dgspay_plugin.provider.errors import (
    NotSent,
    OutcomeUnknown,
    ProviderError,
    Refused,
    is_about_credentials,
)
from dgspay_plugin.provider.messages import ChargeRequest
from dgspay_plugin.records.attempts import step_is_on_its_way
from dgspay_plugin.records.history import History
from dgspay_plugin.records.measurement import count_outcome, count_refusal
from dgspay_plugin.records.replies import (
    Reply,
    asked_again,
    captured_before,
    failure,
    reply_for,
    step_resumed,
)

logger = logging.getLogger(__name__)

recent_nonces = RecentNonces()

STEP_OF: dict[type[BrowserStep], NextAction] = {
    EncryptedPin: NextAction.PIN,
    Otp: NextAction.OTP,
    Address: NextAction.AVS,
}


class _CapturedMeanwhile(Exception):
    """A webhook has settled the charge while the mark was committed."""


def start_purchase(purchase: Purchase, configuration: Configuration) -> Reply:
    """Charge the card or the mobile money account, by ``POST /charges``."""
    history = purchase.history
    if history.captures:
        return captured_before(history)
    if history.is_undecided:
        return continue_purchase(purchase, configuration)
    try:
        _refuse_after_mismatch(history)
        return _charge(purchase, configuration)
    except _CapturedMeanwhile:
        return captured_before(purchase.history)
    except Refusal as refusal:
        return _refused(purchase, refusal)


def continue_purchase(purchase: Purchase, configuration: Configuration) -> Reply:
    """Take the customer's next step, or find out how the charge stands.

    ``POST /authorize`` for a PIN, an OTP or an address, and
    ``GET /transactions/{dgs_reference}`` for everything else.
    """
    history = purchase.history
    if history.captures:
        return captured_before(history)
    client = configuration.client()
    reference = history.reference
    try:
        _refuse_after_mismatch(history)
        _refuse_after_decline(history)
        step = read_step(purchase.storefront_data, configuration.nonce_format)
        _refuse_another_reference(purchase.storefront_data, reference)
        match step:
            case EncryptedCard() | MobileMoney() if (
                purchase.is_overtaken() and reference is None
            ):
                # Saleor calls it a step, but the charge was not sent yet.
                return _charge(purchase, configuration)
            case EncryptedCard() | MobileMoney() if not history.is_undecided:
                raise Refusal(
                    CustomerMessage.WRONG_STEP,
                    "A card or a number was sent to a payment that has one. Start "
                    "another payment to pay with another.",
                )
            case Redirected() if history.asked_for in STEP_OF.values():
                raise _wrong_step(step, history)
            case EncryptedPin() | Otp() | Address():
                outcome = _authorize(purchase, client, reference, step)
            # A second press of Pay, while the first is in doubt, waits with it.
            case Waiting() | Redirected() | EncryptedCard() | MobileMoney():
                outcome = _ask(client, reference, _due(purchase))
                if isinstance(outcome, Pending | InDoubt) and (
                    repeated := _repeated_step(history, step)
                ):
                    return repeated
            case _:
                assert_never(step)
    except _CapturedMeanwhile:
        return captured_before(purchase.history)
    except Refusal as refusal:
        return _refused(purchase, refusal)
    return _answer(purchase, outcome, history.wallet)


def _charge(purchase: Purchase, configuration: Configuration) -> Reply:
    method = read_step(purchase.storefront_data, configuration.nonce_format)
    if not isinstance(method, PaymentMethod):
        return _without_method(purchase)
    _refuse_unless_offered(method, purchase.price.currency, configuration)
    if since := purchase.interrupted_since():
        return _in_doubt_since(since, purchase)
    client = configuration.client()
    _refuse_unless_payable(purchase, client)
    due = _due(purchase)
    account = method if isinstance(method, MobileMoney) else None
    request = _charge_request(purchase, configuration, method, due)
    key = purchase.idempotency_key()
    if isinstance(method, EncryptedCard) and not recent_nonces.is_fresh_for(
        key, nonce_of(method)
    ):
        raise Refusal(
            CustomerMessage.REUSED_NONCE,
            "The storefront used a nonce twice. Encrypt anew for every payment.",
        )
    _begin_attempt(purchase, client)
    outcome: Outcome
    try:
        outcome = _verified(client, judge(client.charge(request, key), due), due)
    except Refused as error:
        if is_about_credentials(error):
            tell_of_refused_credentials(configuration.account_number, f"{error}.")
        elif account:
            # Most likely DGS-Pay cannot read its number.
            raise Refusal(CustomerMessage.MOBILE_MONEY_REFUSED, str(error)) from None
        raise _nothing_changed(error) from None
    except NotSent as error:
        raise _nothing_changed(error) from None
    except OutcomeUnknown as error:
        outcome = InDoubt(None, error.why)
    return _answer(purchase, outcome, account.wallet if account else None)


def _charge_request(
    purchase: Purchase,
    configuration: Configuration,
    method: PaymentMethod,
    due: Money,
) -> ChargeRequest:
    return ChargeRequest(
        money=due,
        customer=read_customer(
            purchase.customer_email,
            *purchase.addresses,
            wallet_number=method.number if isinstance(method, MobileMoney) else None,
        ),
        method=method,
        redirect_url=purchase.return_url(configuration.return_url),
        callback_url=purchase.callback_url(),
        narration=configuration.narration.replace(
            REFERENCE, purchase.narration_reference
        ),
        scenario_key=configuration.scenario_key,
    )


def _refuse_unless_offered(
    method: PaymentMethod, currency: str, configuration: Configuration
) -> None:
    if method.payment_type not in configuration.payment_methods:
        raise Refusal(
            CustomerMessage.MOBILE_MONEY_NOT_OFFERED
            if isinstance(method, MobileMoney)
            else CustomerMessage.CARD_NOT_OFFERED,
            f"{method.payment_type} is not among the payment methods.",
        )
    if currency not in configuration.supported_currencies:
        raise Refusal(
            CustomerMessage.CURRENCY_NOT_SUPPORTED,
            f"{currency} is not among the supported currencies.",
        )
    if isinstance(method, MobileMoney) and currency != CURRENCY:
        raise Refusal(
            CustomerMessage.MOBILE_MONEY_CURRENCY_NOT_SUPPORTED,
            f"DGS-Pay takes mobile money in {CURRENCY} alone, not in {currency}.",
        )


def _without_method(purchase: Purchase) -> Reply:
    """Answer a customer who waits for a charge that a killed worker sent."""
    since = purchase.interrupted_since()
    if since is None:
        raise Refusal(
            CustomerMessage.WRONG_STEP,
            "The storefront sent neither a card nor a mobile money number to a payment "
            "that has none yet.",
        )
    return _in_doubt_since(since, purchase)


def _refuse_unless_payable(purchase: Purchase, client: DgsPayClient) -> None:
    """The rule before every request that can move money, under the lock.

    All charges together stay within the total, and the goods can become an order. A
    customer who has paid is told so first. An empty cart costs nothing: its obstacle is
    what the customer has to read.

    Raises:
        Refusal: it may not be sent.
    """
    goods = purchase.goods()
    if goods.obstacle and goods.total.amount <= 0:
        raise goods.obstacle
    refuse_double_payment(purchase.price, goods.total, purchase.other_charges(), client)
    if goods.obstacle:
        raise goods.obstacle


def _begin_attempt(purchase: Purchase, client: DgsPayClient) -> None:
    """Have the mark committed, and check again if others may have come in between."""
    if purchase.begin_attempt():
        if purchase.history.captures:
            raise _CapturedMeanwhile
        _refuse_after_mismatch(purchase.history)
        _refuse_after_decline(purchase.history)
        _refuse_unless_payable(purchase, client)


def _in_doubt_since(sent_at: datetime, purchase: Purchase) -> Reply:
    """Wait for the charge that a killed worker sent, instead of sending another."""
    in_doubt = InDoubt(
        purchase.history.reference,
        "a charge was sent, and the store went down before its answer",
    )
    # The mark does not say what it was paid with.
    return _answer(purchase, in_doubt, None, sent_at)


def _answer(
    purchase: Purchase,
    outcome: Outcome,
    wallet: Wallet | None,
    waiting_since: datetime | None = None,
) -> Reply:
    reply = reply_for(outcome, purchase.price, purchase.history, wallet, waiting_since)
    if isinstance(outcome, InDoubt) and not reply.is_stored_already:
        logger.warning("%s is in doubt: %s", purchase.charge_id.title, outcome.why)
    count_outcome(purchase.charge_id, reply, found="press")
    return reply


def _authorize(
    purchase: Purchase,
    client: DgsPayClient,
    reference: str | None,
    authorization: Authorization,
) -> Outcome:
    asked_for = purchase.history.asked_for
    if reference is None or STEP_OF[type(authorization)] is not asked_for:
        raise _wrong_step(authorization, purchase.history)
    due = _due(purchase)
    if step_is_on_its_way(purchase.interrupted_since()):
        return InDoubt(
            reference, "an answer was sent, and the store went down before its answer"
        )
    _refuse_unless_payable(purchase, client)
    _begin_attempt(purchase, client)
    try:
        response = client.authorize(reference, authorization)
        return _verified(client, judge(response, due), due)
    except NotSent as error:
        raise _nothing_changed(error) from None
    except Refused as error:
        # DGS-Pay also refuses a step that it has taken already: the answer was lost.
        outcome = _ask(client, reference, due)
        if isinstance(outcome, Pending | InDoubt):
            raise _nothing_changed(error) from None
        return outcome
    except OutcomeUnknown as error:
        return InDoubt(reference, error.why)


def _verified(client: DgsPayClient, outcome: Outcome, due: Money) -> Outcome:
    """Find out the amount of a success whose answer does not name it."""
    if isinstance(outcome, AmountUnknown):
        return _ask(client, outcome.reference, due)
    return outcome


def _ask(client: DgsPayClient, reference: str | None, due: Money) -> Outcome:
    if reference is None:
        return InDoubt(None, "the answer with the dgs_reference was lost")
    try:
        return judge(client.transaction(reference), due)
    except ProviderError as error:
        return InDoubt(reference, error.why)


def _repeated_step(history: History, step: BrowserStep) -> Reply | None:
    """The step to ask for again, if the customer still owes its answer.

    A page that was reloaded has forgotten what it was asked for. A customer who is
    back from the bank is not sent there again.
    """
    if history.asked_for in (None, NextAction.WAIT, NextAction.APPROVE_ON_PHONE):
        return step_resumed(history)
    if isinstance(step, Redirected) and history.asked_for is NextAction.REDIRECT:
        return None
    return asked_again(history)


def _wrong_step(step: BrowserStep, history: History) -> Refusal:
    return Refusal(
        CustomerMessage.WRONG_STEP,
        f"The storefront answered with {type(step).__name__} where "
        f"{history.asked_for or 'nothing'} was asked for.",
    )


def _refuse_after_mismatch(history: History) -> None:
    if history.outcome == AmountMismatch.code:
        raise Refusal(
            CustomerMessage.AMOUNT_MISMATCH,
            f"{history.last['charged']} was charged for {history.last['due']}.",
        )


def _refuse_after_decline(history: History) -> None:
    if history.outcome == Declined.code:
        raise Refusal(
            CustomerMessage[history.last["reason"]],
            "The payment was declined before. Start another payment to try anew.",
        )


def _refuse_another_reference(storefront_data: object, reference: str | None) -> None:
    named = (
        storefront_data.get("reference")
        if isinstance(storefront_data, Mapping)
        else None
    )
    if named is not None and named != reference:
        raise Refusal(
            CustomerMessage.WRONG_REFERENCE,
            "The storefront sent the dgs_reference of another payment.",
        )


def _due(purchase: Purchase) -> Money:
    try:
        return purchase.price.in_minor_unit_steps()
    except ValueError as error:
        raise Refusal(CustomerMessage.AMOUNT_NOT_CHARGEABLE, str(error)) from None


def _nothing_changed(error: ProviderError) -> Refusal:
    if isinstance(error, NotSent):
        return Refusal(CustomerMessage.PROVIDER_UNAVAILABLE, str(error))
    return Refusal(CustomerMessage.PROVIDER_REFUSED, str(error))


def _refused(purchase: Purchase, refusal: Refusal) -> Reply:
    logger.warning("%s was refused: %s", purchase.charge_id.title, refusal.for_owner)
    count_refusal(purchase.charge_id, refusal.for_customer)
    return failure(refusal.for_customer)
