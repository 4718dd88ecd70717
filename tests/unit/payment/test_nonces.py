import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from dgspay_plugin.payment.nonces import RecentNonces


@contextmanager
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


def test_of_attempts_at_once_one_gets_the_nonce() -> None:
    nonces = RecentNonces()
    threads = 8
    # A thread that dies must not hold the others for ever.
    starting_line = Barrier(threads, timeout=30)

    def race(attempt: str, nonce: str) -> bool:
        starting_line.wait()
        return nonces.is_fresh_for(attempt, nonce)

    attempts = [f"attempt-{number}" for number in range(threads)]
    # Threads that start while others interrupt them may die: Python refuses to give
    # two threads their trace function (coverage) at once. So all start before.
    with ThreadPoolExecutor(threads, initializer=starting_line.wait) as pool:
        list(pool.map(str, attempts))
        with hasty_threads():
            for number in range(200):
                nonce = [f"nonce-{number}"] * threads
                winners = list(pool.map(race, attempts, nonce))
                assert winners.count(True) == 1
