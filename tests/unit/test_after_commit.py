"""What waits for a commit is called once, whatever goes wrong with another."""

import pytest
from django.db import transaction

from dgspay_plugin.after_commit import after_commit

pytestmark = pytest.mark.usefixtures("database")


class Owner:
    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def tell(self, what: str, times: int = 1) -> None:
        self.told.append((what, times))


class Unreachable(Owner):
    def tell(self, what: str, times: int = 1) -> None:
        raise ConnectionError("the owner cannot be reached")


def test_called_with_its_arguments_once_committed() -> None:
    owner = Owner()
    with transaction.atomic():
        after_commit(owner.tell, "paid", 2)
        assert owner.told == []
    assert owner.told == [("paid", 2)]


def test_what_is_rolled_back_is_not_called() -> None:
    owner = Owner()
    with pytest.raises(LookupError), transaction.atomic():
        after_commit(owner.tell, "paid")
        raise LookupError
    assert owner.told == []


@pytest.mark.parametrize("in_transaction", [True, False])
def test_error_is_logged_and_stops_nothing_else(
    in_transaction: bool, caplog: pytest.LogCaptureFixture
) -> None:
    owner = Owner()
    if in_transaction:
        with transaction.atomic():
            after_commit(Unreachable().tell, "paid")
            transaction.on_commit(lambda: owner.tell("as Saleor does"))
    else:
        after_commit(Unreachable().tell, "paid")
        owner.tell("as Saleor does")
    assert owner.told == [("as Saleor does", 1)]
    (record,) = caplog.records
    assert "Unreachable.tell" in record.getMessage()
    assert "the owner cannot be reached" in record.getMessage()
