from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from dgspay_plugin.payment.idempotency import idempotency_key

presses = st.tuples(st.uuids().map(str), st.integers(1), st.integers(0))


@given(presses)
def test_same_press_has_the_same_key(press: tuple[str, int, int]) -> None:
    assert idempotency_key(*press) == idempotency_key(*press)
    UUID(idempotency_key(*press))


@given(presses, presses)
def test_other_presses_have_other_keys(
    press: tuple[str, int, int], other: tuple[str, int, int]
) -> None:
    assume(press != other)
    assert idempotency_key(*press) != idempotency_key(*other)


@given(presses)
def test_each_stored_outcome_leads_to_a_new_key(press: tuple[str, int, int]) -> None:
    checkout_token, payment_id, stored = press
    keys = {idempotency_key(checkout_token, payment_id, stored + n) for n in range(5)}
    assert len(keys) == 5


def test_key_survives_a_restart_and_an_upgrade() -> None:
    """A press repeated after either must not be charged twice."""
    assert (
        idempotency_key("2f4a1c36-7f0d-4d5b-9f0e-6a2b4a9f0c11", 42, 1)
        == "49110901-0c72-51c8-a47e-17a841059f8a"
    )
