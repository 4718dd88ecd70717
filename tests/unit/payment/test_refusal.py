import pytest

from dgspay_plugin.payment.refusal import CustomerMessage, Refusal


def test_every_machine_code_is_its_own() -> None:
    codes = [message.code for message in CustomerMessage]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("message", CustomerMessage, ids=lambda message: message.code)
def test_message_is_a_sentence_and_the_code_in_parentheses(
    message: CustomerMessage,
) -> None:
    assert message.sentence.endswith(".")
    assert str(message) == f"{message.sentence} ({message.code})"
    # A storefront takes what stands in the last parentheses for the code.
    assert str(message).rpartition("(")[2] == f"{message.name.lower()})"


def test_refusal_says_to_the_log_what_is_for_the_owner() -> None:
    refusal = Refusal(CustomerMessage.WRONG_STEP, "no card was sent")
    assert str(refusal) == "no card was sent"
    assert refusal.for_customer is CustomerMessage.WRONG_STEP
