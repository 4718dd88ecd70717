import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from dgspay_plugin.payment.nonces import RecentNonces


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that interrupt one another as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_nonce_serves_one_attempt() -> None:
    nonces = RecentNonces()
    assert nonces.is_fresh_for("first", "a1b2c3d4e5f6")
    assert not nonces.is_fresh_for("second", "a1b2c3d4e5f6")
    assert nonces.is_fresh_for("second", "000000000000")


def test_same_attempt_may_come_again() -> None:
    nonces = RecentNonces()
    assert nonces.is_fresh_for("first", "a1b2c3d4e5f6")
    assert nonces.is_fresh_for("first", "a1b2c3d4e5f6")


def test_a_refused_attempt_does_not_take_the_nonce_over() -> None:
    nonces = RecentNonces()
    nonces.is_fresh_for("first", "a1b2c3d4e5f6")
    nonces.is_fresh_for("second", "a1b2c3d4e5f6")
    assert nonces.is_fresh_for("first", "a1b2c3d4e5f6")


def test_memory_is_bounded_and_forgets_the_oldest_first() -> None:
    nonces = RecentNonces(capacity=3)
    for number in range(4):
        assert nonces.is_fresh_for("first", f"nonce-{number}")
    assert not nonces.is_fresh_for("second", "nonce-1")
    assert not nonces.is_fresh_for("second", "nonce-3")
    assert nonces.is_fresh_for("second", "nonce-0")


def test_memory_does_not_hold_the_nonces_themselves() -> None:
    nonces = RecentNonces()
    nonces.is_fresh_for("first", "a1b2c3d4e5f6")
    assert "a1b2c3d4e5f6" not in repr(vars(nonces))


@pytest.mark.usefixtures("hasty_threads")
def test_of_attempts_at_once_one_gets_the_nonce() -> None:
    nonces = RecentNonces()
    threads = 8
    for number in range(50):
        # A thread that never comes must not hold the others for ever.
        starting_line = Barrier(threads, timeout=30)

        def race(attempt: int, nonce: str, line: Barrier) -> bool:
            line.wait()
            return nonces.is_fresh_for(str(attempt), nonce)

        with ThreadPoolExecutor(threads) as pool:
            winners = list(
                pool.map(
                    race,
                    range(threads),
                    [f"nonce-{number}"] * threads,
                    [starting_line] * threads,
                )
            )
        assert winners.count(True) == 1
