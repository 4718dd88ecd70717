"""What every scenario starts with."""

from collections.abc import Iterator

import pytest

from tests.scenarios.cardholder import Cardholder
from tests.scenarios.sandbox import Sandbox


@pytest.fixture(scope="session")
def cardholder() -> Cardholder:
    """One for the whole run, so that the search for leaks knows all that was typed."""
    return Cardholder()


@pytest.fixture(autouse=True)
def no_faults_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.clear_faults()
