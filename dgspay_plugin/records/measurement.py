"""Outcomes of charges as metrics."""

from dgspay_plugin.metrics import APIS, OUTCOMES, REFUSALS, count
from dgspay_plugin.payment.card_data import EncryptedCard
from dgspay_plugin.payment.mobile_money import MobileMoney
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.records.charge_id import ChargeId
from dgspay_plugin.records.replies import Reply


def count_outcome(charge_id: ChargeId, reply: Reply, *, found: str) -> None:
    """Count an outcome, unless it is the one that is stored already.

    Args:
        found: "press" if the customer's press has found it out, else "later".
    """
    if reply.is_stored_already:
        return
    method = MobileMoney if "wallet" in reply.record else EncryptedCard
    count(
        OUTCOMES,
        api=APIS[charge_id.kind],
        payment_type=method.payment_type,
        outcome=reply.record["outcome"],
        reason=reply.message.code if reply.message else None,
        found=found,
    )


def count_refusal(charge_id: ChargeId, message: CustomerMessage) -> None:
    """Count a press that was refused."""
    count(REFUSALS, api=APIS[charge_id.kind], reason=message.code)
