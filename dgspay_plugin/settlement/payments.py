"""The flow of a payment through Saleor's Payments API (checkoutComplete)."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

import graphene
from saleor.payment.interface import GatewayResponse, PaymentData

from dgspay_plugin.configuration import Configuration
from dgspay_plugin.payment.card_data import (
    Address,
    Authorization,
    BrowserStep,
    EncryptedCard,
    EncryptedPin,
    Otp,
    Redirected,
    Waiting,
    nonce_of,
    read_step,
)
from dgspay_plugin.payment.customer import read_customer
from dgspay_plugin.payment.idempotency import idempotency_key
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
    AnswerUnknown,
    NotSent,
    ProviderError,
    Refused,
)
from dgspay_plugin.provider.messages import ChargeRequest
from dgspay_plugin.settlement import attempts
from dgspay_plugin.settlement.callback import return_url
from dgspay_plugin.settlement.earlier_payments import (
    hold_back_while_in_doubt,
    payments_of_checkout,
)
from dgspay_plugin.settlement.history import History
from dgspay_plugin.settlement.responses import (
    asked_again,
    captured_before,
    failure,
    response_for,
    step_resumed,
)

logger = logging.getLogger(__name__)

recent_nonces = RecentNonces()

STEP_OF: dict[type[BrowserStep], NextAction] = {
    EncryptedPin: NextAction.PIN,
    Otp: NextAction.OTP,
    Address: NextAction.AVS,
}


def start_payment(
    payment: PaymentData, configuration: Configuration, callback_url: str
) -> GatewayResponse:
    """Charge the card: Saleor's ``process_payment`` to DGS-Pay's ``/charges``.

    Args:
        callback_url: where DGS-Pay's webhook for this payment goes.
    """
    history = History.of(payment.transactions)
    if history.captures:
        return captured_before(payment, history)
    if history.is_undecided:
        # Saleor confirms no payment that it calls pending, it starts it anew.
        return continue_payment(payment, configuration)
    sent_at = attempts.unfinished(payment.payment_id)
    if sent_at and not attempts.is_overdue(sent_at):
        return _found_unfinished(payment, history, sent_at)
    try:
        _refuse_after_mismatch(history)
        outcome = _charge(payment, history, configuration, callback_url)
    except Refusal as refusal:
        return _refused(payment, refusal)
    return _stored(payment, response_for(outcome, payment, history))


def continue_payment(
    payment: PaymentData, configuration: Configuration
) -> GatewayResponse:
    """Take the customer's next step, or find out how the payment stands.

    Saleor's ``confirm_payment`` to DGS-Pay's ``/authorize`` for a PIN, an OTP or an
    address, and to ``/transactions/{dgs_reference}`` for everything else.
    """
    history = History.of(payment.transactions)
    if history.captures:
        return captured_before(payment, history)
    client = configuration.client()
    reference = attempts.current_reference(payment.payment_id, history)
    try:
        _refuse_after_mismatch(history)
        _refuse_after_decline(history)
        step = read_step(payment.data, configuration.nonce_format)
        _refuse_another_reference(payment.data, reference)
        match step:
            case EncryptedCard() if not history.is_undecided:
                raise Refusal(
                    CustomerMessage.WRONG_STEP,
                    "A card was sent to a payment that has one. Call "
                    "checkoutPaymentCreate to pay with another card.",
                )
            case Redirected() if history.asked_for in STEP_OF.values():
                raise _wrong_step(step, history)
            case EncryptedPin() | Otp() | Address():
                outcome = _authorize(payment, history, client, reference, step)
            # A second press of Pay, while the first is in doubt, waits with it.
            case Waiting() | Redirected() | EncryptedCard():
                outcome = _ask(client, reference, _due(payment))
                if isinstance(outcome, Pending | InDoubt) and (
                    repeated := _repeated_step(payment, history, step)
                ):
                    return repeated
            case _:
                assert_never(step)
    except Refusal as refusal:
        return _refused(payment, refusal)
    return _stored(payment, response_for(outcome, payment, history))


def _charge(
    payment: PaymentData,
    history: History,
    configuration: Configuration,
    callback_url: str,
) -> Outcome:
    card = read_step(payment.data, configuration.nonce_format)
    if not isinstance(card, EncryptedCard):
        raise Refusal(
            CustomerMessage.WRONG_STEP,
            "checkoutComplete came without a card to a payment that has none yet.",
        )
    if payment.currency not in configuration.supported_currencies:
        raise Refusal(
            CustomerMessage.CURRENCY_NOT_SUPPORTED,
            f"{payment.currency} is not among the supported currencies.",
        )
    due = _due(payment)
    earlier_payments = payments_of_checkout(payment)
    stored = earlier_payments.pop(payment.payment_id)
    request = ChargeRequest(
        money=due,
        customer=read_customer(
            payment.customer_email, payment.billing, payment.shipping
        ),
        card=card,
        redirect_url=return_url(
            # Saleor keeps checkoutPaymentCreate's returnUrl on the payment alone.
            stored.return_url or configuration.return_url,
            graphene.Node.to_global_id("Checkout", payment.checkout_token),
            payment.graphql_payment_id,
        ),
        callback_url=callback_url,
        narration=configuration.narration.replace(
            "{reference}", str(payment.checkout_token or payment.graphql_payment_id)
        ),
        scenario_key=configuration.scenario_key,
    )
    client = configuration.client()
    hold_back_while_in_doubt(list(earlier_payments.values()), client)
    key = idempotency_key(
        str(payment.checkout_token), payment.payment_id, len(history.transactions)
    )
    if not recent_nonces.is_fresh_for(key, nonce_of(card)):
        raise Refusal(
            CustomerMessage.REUSED_NONCE,
            "The storefront used a nonce twice. Encrypt anew for every payment.",
        )
    attempts.begin(payment.payment_id)
    try:
        return _verified(client, judge(client.charge(request, key), due), due)
    except (NotSent, Refused) as error:
        attempts.end(payment.payment_id)
        raise _nothing_changed(error) from None
    except AnswerUnknown as error:
        return InDoubt(None, str(error))


def _authorize(
    payment: PaymentData,
    history: History,
    client: DgsPayClient,
    reference: str | None,
    authorization: Authorization,
) -> Outcome:
    if reference is None or STEP_OF[type(authorization)] is not history.asked_for:
        raise _wrong_step(authorization, history)
    due = _due(payment)
    try:
        answer = client.authorize(reference, authorization)
        return _verified(client, judge(answer, due), due)
    except NotSent as error:
        raise _nothing_changed(error) from None
    except Refused as error:
        # DGS-Pay also refuses a step that it has taken already: the answer was lost.
        outcome = _ask(client, reference, due)
        if isinstance(outcome, Pending | InDoubt):
            raise _nothing_changed(error) from None
        return outcome
    except AnswerUnknown as error:
        return InDoubt(reference, str(error))


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
        return InDoubt(reference, str(error))


def _repeated_step(
    payment: PaymentData, history: History, step: BrowserStep
) -> GatewayResponse | None:
    """The step to ask for again, if the customer still owes its answer.

    A page that was reloaded has forgotten what it was asked for. A customer who is
    back from the bank is not sent there again.
    """
    if history.asked_for in (None, NextAction.WAIT):
        return step_resumed(payment, history)
    if isinstance(step, Redirected) and history.asked_for is NextAction.REDIRECT:
        return None
    return asked_again(payment, history)


def _wrong_step(step: BrowserStep, history: History) -> Refusal:
    return Refusal(
        CustomerMessage.WRONG_STEP,
        f"The storefront answered with {type(step).__name__} where "
        f"{history.asked_for or 'nothing'} was asked for.",
    )


def _found_unfinished(
    payment: PaymentData, history: History, sent_at: datetime
) -> GatewayResponse:
    """Wait for the charge that a killed worker sent, instead of sending another."""
    in_doubt = InDoubt(
        attempts.current_reference(payment.payment_id, history),
        "a charge was sent, and the store went down before its answer",
    )
    return _stored(payment, response_for(in_doubt, payment, history, sent_at))


def _refuse_after_mismatch(history: History) -> None:
    if history.outcome == AmountMismatch.__name__:
        raise Refusal(
            CustomerMessage.AMOUNT_MISMATCH,
            f"{history.last['charged']} was charged for {history.last['due']}.",
        )


def _refuse_after_decline(history: History) -> None:
    if history.outcome == Declined.__name__:
        raise Refusal(
            CustomerMessage[history.last["reason"]],
            "The payment was declined before. Call checkoutPaymentCreate to try anew.",
        )


def _refuse_another_reference(payment_data: object, reference: str | None) -> None:
    named = payment_data.get("reference") if isinstance(payment_data, Mapping) else None
    if named is not None and named != reference:
        raise Refusal(
            CustomerMessage.WRONG_REFERENCE,
            "The storefront sent the dgs_reference of another payment.",
        )


def _due(payment: PaymentData) -> Money:
    try:
        return Money(payment.amount, payment.currency).in_minor_unit_steps()
    except ValueError as error:
        raise Refusal(CustomerMessage.AMOUNT_NOT_CHARGEABLE, str(error)) from None


def _nothing_changed(error: ProviderError) -> Refusal:
    if isinstance(error, NotSent):
        return Refusal(CustomerMessage.PROVIDER_UNAVAILABLE, str(error))
    return Refusal(CustomerMessage.PROVIDER_REFUSED, str(error))


def _refused(payment: PaymentData, refusal: Refusal) -> GatewayResponse:
    logger.warning(
        "Payment %s was refused: %s", payment.graphql_payment_id, refusal.for_owner
    )
    return failure(payment, refusal.for_customer)


def _stored(payment: PaymentData, response: GatewayResponse) -> GatewayResponse:
    attempts.end_when_stored(payment.payment_id)
    return response
