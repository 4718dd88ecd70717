"""Every spelling of a status, a next action and a decline is understood."""

import pytest

from dgspay_plugin.payment.outcome import (
    NextAction,
)
from dgspay_plugin.payment.refusal import CustomerMessage
from dgspay_plugin.provider import spellings
from dgspay_plugin.provider.errors import OutcomeUnknown
from dgspay_plugin.provider.messages import (
    read_transaction,
)


@pytest.mark.parametrize(
    ("spelling", "action"),
    [
        *spellings.NEXT_ACTION.items(),
        (" Requires_PIN ", NextAction.PIN),
        ("REDIRECT_URL", NextAction.REDIRECT),
        ("requires-otp", NextAction.OTP),
    ],
)
def test_every_spelling_of_a_next_action(spelling: str, action: NextAction) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": "pending"}
    assert (
        read_transaction({**answer, "next_action_type": spelling}).next_action is action
    )


@pytest.mark.parametrize(
    ("name", "spelling", "status"),
    [
        ("transaction_status", "successful", "successful"),
        ("transaction_status", "Successful", "successful"),
        ("transaction_status", "SUCCEEDED", "successful"),
        ("transaction_status", " pending ", "pending"),
        ("transaction_status", "Failed", "failed"),
        ("status", "success", "successful"),
        ("status", "SUCCESS", "successful"),
        ("status", "successful", "successful"),
    ],
)
def test_every_spelling_of_a_status(name: str, spelling: str, status: str) -> None:
    answer = {"data": {"dgs_reference": "DGS-1", name: spelling}}
    assert read_transaction(answer).status == status


@pytest.mark.parametrize(
    "spelling",
    [
        "success",
        "voided",
        "authorized",
        "completed",
        "successful?",
        "un-successful",
        "success ful",
        "\u017fuccessful",
        "",
        True,
        None,
        1,
        ["successful"],
    ],
)
def test_nothing_else_is_a_transaction_status(spelling: object) -> None:
    answer = {"dgs_reference": "DGS-1", "transaction_status": spelling}
    with pytest.raises(OutcomeUnknown, match="an unknown transaction_status"):
        read_transaction(answer)


@pytest.mark.parametrize(
    ("processor_response", "reason"),
    [
        *spellings.DECLINE_REASON.items(),
        ("Insufficient Funds.", CustomerMessage.INSUFFICIENT_FUNDS),
        ("NOT_ENOUGH_FUNDS", CustomerMessage.INSUFFICIENT_FUNDS),
        (" DO_NOT_HONOR\n", CustomerMessage.DO_NOT_HONOR),
        ("Do not honor", CustomerMessage.DO_NOT_HONOR),
        ({"code": "do_not_honor"}, CustomerMessage.DO_NOT_HONOR),
        ({"type": "do_not_honor"}, CustomerMessage.DO_NOT_HONOR),
        ("system_error", None),
        ("", None),
        (None, None),
        (["do_not_honor"], None),
    ],
    ids=str,
)
def test_every_spelling_of_a_decline(
    processor_response: object, reason: CustomerMessage | None
) -> None:
    answer = {
        "dgs_reference": "DGS-1",
        "transaction_status": "failed",
        "processor_response": processor_response,
    }
    assert read_transaction(answer).reason is reason
